public import AgeFiles
public import CryptoCore
internal import DurableFiles
internal import Failures
public import SecretShares

/// The sheets of a recovery key, one for each share, to be printed and given to different people.
public enum RecoverySheets {
    static let keyByteCount = 32
    private static let largestSheetByteCount = 16 << 10
    private static let wordsPerLine = 6

    /// Makes a recovery key, writes its sheets into a folder, and returns its recipient.
    ///
    /// Each sheet lists `identities`. Throws `FileError` if a sheet already exists.
    public static func make(
        threshold: Int,
        count: Int,
        folder: String,
        identities: [BackupManifest.Item]
    ) throws -> AgeX25519.Recipient {
        let secret = try SecretBytes.random(count: keyByteCount)
        let recipient = try AgeX25519.Identity(secret: secret.bytes).recipient
        let shares = try SecretShares.split(secret, threshold: threshold, count: count)
        try DurableFile.makeFolder(folder)
        for name in try DurableFile.names(in: folder) where name.hasPrefix("share-") {
            throw FileError.alreadyThere("\(folder)/\(name)")
        }
        for (index, share) in shares.enumerated() {
            let head = heading(index + 1, count, threshold, recipient, identities)
            let words = share.words()
            let lines = inLines(words)
            let text = Array(head.utf8)
            let sheet = SecretBytes(count: text.count + lines.count + 1) { view in
                view.copy(text.borrowedBytes, to: 0)
                view.copy(lines.bytes, to: text.count)
                view.storeBytes(
                    of: UInt8(ascii: "\n"),
                    toByteOffset: text.count + lines.count,
                    as: UInt8.self
                )
            }
            try DurableFile.create("\(folder)/share-\(index + 1).txt", with: sheet.bytes)
        }
        return recipient
    }

    /// Removes the sheets of a backup that was not written.
    public static func remove(count: Int, folder: String) {
        for number in 1...count { try? DurableFile.remove("\(folder)/share-\(number).txt") }
    }

    private static func heading(
        _ number: Int,
        _ count: Int,
        _ threshold: Int,
        _ recipient: AgeX25519.Recipient,
        _ identities: [BackupManifest.Item]
    ) -> String {
        var text = """
            # keyctl recovery sheet \(number) of \(count)
            #
            # Any \(threshold) of these \(count) sheets open the backups that are sealed to
            #   \(recipient.text)
            # Fewer sheets reveal nothing. Print this, give it to a person you trust, and remove the
            # file. To restore:
            #   keyctl restore BACKUP --share share-1.txt --share share-2.txt …
            # or without --share, and type the words: four letters of each are enough.
            #
            # The keys as of today:

            """
        for item in identities {
            text += "#   \(item.name), version \(item.version): \(item.fingerprint)\n"
        }
        return text + "\n"
    }

    /// Returns the words with a line break after every sixth; the words are never in a `String`.
    private static func inLines(_ words: borrowing SecretBytes) -> SecretBytes {
        let count = words.count
        let copy = words.copy()
        return SecretBytes(count: count) { view in
            view.copy(copy.bytes, to: 0)
            var spaces = 0
            for index in 0..<count where copy.bytes.byte(at: index) == UInt8(ascii: " ") {
                spaces += 1
                guard spaces % wordsPerLine == 0 else { continue }
                view.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: index, as: UInt8.self)
            }
        }
    }

    /// Reads the share on a sheet, without the comments.
    ///
    /// Throws `LocatedFailure` with the path if it is not a share.
    public static func share(_ path: String) throws -> Share {
        let content = try DurableFile.readSecret(path, limit: largestSheetByteCount)
        let count = content.count
        var isComment = false
        var isLineStart = true
        let words = SecretBytes(count: count) { view in
            for index in 0..<count {
                let byte = content.bytes.byte(at: index)
                if isLineStart { isComment = byte == UInt8(ascii: "#") }
                isLineStart = byte == UInt8(ascii: "\n")
                view.storeBytes(
                    of: isComment ? UInt8(ascii: " ") : byte,
                    toByteOffset: index,
                    as: UInt8.self
                )
            }
        }
        do throws(SharesError) { return try Share(words: words.bytes) } catch {
            throw LocatedFailure(path, error)
        }
    }

    /// Joins two lines of words.
    public static func joined(
        _ first: borrowing SecretBytes,
        _ second: borrowing SecretBytes
    ) -> SecretBytes {
        let left = first.copy()
        let right = second.copy()
        let count = left.count
        return SecretBytes(count: count + right.count + 1) { view in
            view.copy(left.bytes, to: 0)
            view.storeBytes(of: UInt8(ascii: " "), toByteOffset: count, as: UInt8.self)
            view.copy(right.bytes, to: count + 1)
        }
    }
}
