internal import CryptoCore
internal import KeyFormats

/// Reads files of age identities, as age-keygen writes them: one identity per line, and comments
/// after `#`.
public enum AgeIdentityFile {
    /// The largest file that is read, in bytes: 16 MiB.
    public static let largestByteCount = 16 << 20
    // Each post-quantum key takes some kilobytes of memory.
    private static let largestIdentityCount = 1_000
    // Editors on Windows write a byte order mark at the start.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// Returns whether a line of the text begins like an identity; the line may still be damaged.
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

    /// Returns the identities of a file, in their order; errors use `name` for the file.
    ///
    /// Throws `AgeError` if a line is not an identity of a known kind, or if the file has none.
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
