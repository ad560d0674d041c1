internal import CryptoCore

/// The first lines of the texts that keys sign as statements, apart from those of a registry.
package enum SignedText {
    /// A checkpoint of a registry.
    package static let checkpoint = "keyctl checkpoint v1\n"
    /// The newest entry of a chat's room.
    package static let roomHead = "securechat head v1\n"

    /// The lines of `bytes` after a first line; `nil` where that is another, or where the text has
    /// another number of lines.
    static func lines(_ bytes: [UInt8], after first: String, count: Int) -> [Substring]? {
        guard bytes.count <= largestByteCount,
            bytes.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == UInt8(ascii: "\n") }),
            bytes.starts(with: first.utf8), bytes.last == UInt8(ascii: "\n")
        else { return nil }
        let text = String(decoding: bytes.dropFirst(first.utf8.count).dropLast(), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count == count ? lines : nil
    }

    /// A decimal number in its one spelling.
    static func number(_ text: Substring) -> UInt64? {
        guard let number = UInt64(text), String(number) == text else { return nil }
        return number
    }

    private static let largestByteCount = 1024
}
