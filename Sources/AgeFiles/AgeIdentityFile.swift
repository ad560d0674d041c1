internal import CryptoCore
internal import KeyFormats

/// A file of age identities: one a line, `#` begins a comment, as age-keygen writes it.
public enum AgeIdentityFile {
    /// Largest file that is read: 16 MiB.
    public static let largestByteCount = 16 << 20
    // A post-quantum key has some kilobytes of memory.
    private static let largestIdentityCount = 1_000
    // A byte order mark, which editors on Windows write.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// Whether a line begins as an identity does; it may still be damaged.
    public static func hasIdentity(_ text: RawSpan) -> Bool {
        var isLineStart = true
        for index in 0..<text.byteCount {
            if isLineStart,
                RecipientKinds.beginsIdentity(text.extracting(droppingFirst: index))
            {
                return true
            }
            let character = text.byte(at: index)
            isLineStart =
                character == UInt8(ascii: "\n") || isLineStart && character <= UInt8(ascii: " ")
        }
        return false
    }

    /// The identities of a file, in their order; `name` is what the file is called in errors.
    ///
    /// Throws `AgeError` where a line is no identity of any kind, and where there is none at all.
    public static func identities(
        in text: RawSpan,
        name: String
    ) throws(AgeError) -> [any AgeIdentity] {
        var identities: [any AgeIdentity] = []
        var number = 0
        var start = text.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        while start < text.byteCount {
            number += 1
            var end = start
            while end < text.byteCount, text.byte(at: end) != UInt8(ascii: "\n") { end += 1 }
            defer { start = end + 1 }
            var last = end
            while last > start, text.byte(at: last - 1) <= 0x20 { last -= 1 }
            var first = start
            while first < last, text.byte(at: first) <= 0x20 { first += 1 }
            guard last > first, text.byte(at: first) != UInt8(ascii: "#") else { continue }
            let line = text.extracting(first..<last)
            guard let identity = RecipientKinds.identity(line) else {
                throw RecipientKinds.beginsRecipient(line)
                    ? AgeError.recipientAsIdentity(line: number, of: name)
                    : AgeError.notAnIdentity(line: number, of: name)
            }
            guard identities.count < largestIdentityCount else {
                throw AgeError.key("\(name) holds more than \(largestIdentityCount) identities")
            }
            identities.append(identity)
        }
        guard !identities.isEmpty else { throw AgeError.noIdentity(name) }
        return identities
    }
}
