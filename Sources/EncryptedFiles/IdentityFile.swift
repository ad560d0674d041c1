public import AgeFiles
internal import CryptoCore
internal import Failures
internal import KeyFormats

/// A file of `-i`, as age takes them: `AGE-SECRET-KEY-1…` lines, such a file under a passphrase, or
/// a private RSA key of any format.
public enum IdentityFile {
    /// Most bytes of such a file: 16 MiB, encrypted or not.
    public static let largestByteCount = 16 << 20

    /// The identities in a file's bytes; `path` is its name in messages, `-` for standard input.
    ///
    /// Throws `AgeError` or `KeyFileError` where the file holds none.
    public static func read(
        _ text: RawSpan,
        from path: String,
        user: any UserDialogue
    ) throws -> [any AgeIdentity] {
        guard AgeReader.begins(text) else { return try identities(text, path, user) }
        let reader = try AgeReader(MemorySource(text))
        let plain = try decrypt(reader, path, user)
        return try identities(plain.bytes, path, user)
    }

    private static func decrypt(
        _ reader: AgeReader,
        _ path: String,
        _ user: any UserDialogue
    ) throws -> SecretBytes {
        let passphrase = AgeScrypt.Identity {
            try user.passphrase(prompt: "Passphrase of \(path)")
        }
        guard let opening = try reader.open([passphrase]) else {
            throw AgeError.key(
                "\(path) is encrypted, and the passphrase does not open it",
                hint: "try again, or decrypt it first: keyctl decrypt -o PLAIN \(path)"
            )
        }
        let sink = MemorySink(limit: largestByteCount)
        try reader.decrypt(opening.fileKey.bytes, to: sink)
        return sink.content()
    }

    private static func identities(
        _ text: RawSpan,
        _ path: String,
        _ user: any UserDialogue
    ) throws -> [any AgeIdentity] {
        // A comment of such a file may hold the text of another key.
        if hasAgeLine(text) { return try ageLines(text, path) }
        if let file = try keyFile(text, path) {
            // A certificate beside the private key is of no use here.
            let privateKeys = file.entries.filter(\.isPrivate)
            return try (privateKeys.isEmpty ? file.entries : privateKeys).map { entry in
                switch entry.material {
                case .privateKey(let key): return try AgeSSHRSA.Identity(key, name: path)
                case .lockedPrivateKey(let locked):
                    return LockedIdentity(locked, name: path, user: user)
                case .publicKey, .otherKind:
                    throw AgeError.key(
                        "\(path) holds no private RSA key",
                        hint: "give -i the private key file, not the .pub file"
                    )
                }
            }
        }
        return try ageLines(text, path)
    }

    /// Whether a line begins as an identity of age.
    private static func hasAgeLine(_ text: RawSpan) -> Bool {
        let begin = Array("AGE-SECRET-KEY-1".utf8)
        var isLineStart = true
        for index in 0..<text.byteCount {
            if isLineStart, text.extracting(droppingFirst: index).starts(with: begin) {
                return true
            }
            let character = byte(text, index)
            isLineStart =
                character == UInt8(ascii: "\n") || isLineStart && character <= UInt8(ascii: " ")
        }
        return false
    }

    /// A key file; `nil` where it is none at all.
    private static func keyFile(_ text: RawSpan, _ path: String) throws -> KeyFile? {
        do { return try KeyFormats.decode(text, from: path) } catch let error as LocatedFailure
            where error.isUnrecognizedFile
        {
            return nil
        }
    }

    /// The identities of age in a file's lines.
    ///
    /// Throws `AgeError` with the number of the first line that is none, and where there is none.
    public static func ageLines(_ text: RawSpan, _ path: String) throws -> [any AgeIdentity] {
        var identities: [any AgeIdentity] = []
        var number = 0
        // A byte order mark, which editors on Windows write.
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var start = text.starts(with: mark) ? mark.count : 0
        while start < text.byteCount {
            number += 1
            var end = start
            while end < text.byteCount, byte(text, end) != UInt8(ascii: "\n") { end += 1 }
            defer { start = end + 1 }
            var last = end
            while last > start, byte(text, last - 1) <= 0x20 { last -= 1 }
            var first = start
            while first < last, byte(text, first) <= 0x20 { first += 1 }
            guard last > first, byte(text, first) != UInt8(ascii: "#") else { continue }
            guard let identity = AgeX25519.Identity(text.extracting(first..<last)) else {
                throw AgeError.key(
                    "line \(number) of \(path) is not an identity that can be used",
                    hint: "AGE-SECRET-KEY-1… lines and private RSA keys are accepted"
                )
            }
            identities.append(identity)
        }
        guard !identities.isEmpty else {
            throw AgeError.key("\(path) holds no identity", hint: "make one: age-keygen -o FILE")
        }
        return identities
    }

    private static func byte(_ text: RawSpan, _ index: Int) -> UInt8 {
        text.byte(at: index)
    }
}
