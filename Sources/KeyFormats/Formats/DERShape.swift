internal import CryptoCore

/// The kind of a DER SEQUENCE, recognised by the tags of its first members.
enum DERShape {
    static let integer = DER.Tag.integer

    /// Returns the tags of the first two members; an empty list if the bytes are not a SEQUENCE.
    static func of(_ bytes: RawSpan) -> [UInt8] { tags(bytes, count: 2) }

    /// Returns the tags of the first `count` members, or of fewer if there are fewer.
    static func tags(_ bytes: RawSpan, count: Int) -> [UInt8] {
        guard bytes.byteCount >= 2, bytes.byte(at: 0) == DER.Tag.sequence,
            let content = element(bytes, at: 0)
        else { return [] }
        var tags: [UInt8] = []
        var position = content.lowerBound
        while tags.count < count, position < min(content.upperBound, bytes.byteCount),
            let member = element(bytes, at: position)
        {
            tags.append(bytes.byte(at: position))
            position = member.upperBound
        }
        return tags
    }

    /// Returns the range of a member with its tag and length; `nil` if there is no such member.
    static func member(_ index: Int, of bytes: RawSpan) -> Range<Int>? {
        guard bytes.byteCount >= 2, bytes.byte(at: 0) == DER.Tag.sequence,
            let content = element(bytes, at: 0)
        else { return nil }
        var start = content.lowerBound
        for _ in 0..<index {
            guard let member = element(bytes, at: start) else { return nil }
            start = member.upperBound
        }
        return element(bytes, at: start).map { start..<$0.upperBound }
    }

    /// Returns the range of an element's content by its length, which may exceed the bytes.
    private static func element(_ bytes: RawSpan, at position: Int) -> Range<Int>? {
        guard position + 2 <= bytes.byteCount else { return nil }
        let first = Int(bytes.byte(at: position + 1))
        guard first >= 0x80 else { return (position + 2)..<(position + 2 + first) }
        let lengthByteCount = first & 0x7f
        let start = position + 2 + lengthByteCount
        guard (1...4).contains(lengthByteCount), start <= bytes.byteCount else { return nil }
        let count = (position + 2..<start).reduce(0) { $0 << 8 | Int(bytes.byte(at: $1)) }
        return start..<(start + count)
    }
}
