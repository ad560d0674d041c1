internal import CryptoCore

/// What a DER SEQUENCE is, told by the tags of its first members.
enum DERShape {
    static let integer = DER.Tag.integer

    /// The tags of the first two members; empty for what is no SEQUENCE.
    static func of(_ bytes: RawSpan) -> [UInt8] { tags(bytes, count: 2) }

    /// The tags of the first `count` members; fewer where there are fewer.
    static func tags(_ bytes: RawSpan, count: Int) -> [UInt8] {
        guard bytes.byteCount >= 2, byte(bytes, 0) == DER.Tag.sequence,
            let content = element(bytes, at: 0)
        else { return [] }
        var tags: [UInt8] = []
        var position = content.lowerBound
        while tags.count < count, position < min(content.upperBound, bytes.byteCount),
            let member = element(bytes, at: position)
        {
            tags.append(byte(bytes, position))
            position = member.upperBound
        }
        return tags
    }

    /// Where the member of this index stands, its tag and length included; `nil` where it does not.
    static func member(_ index: Int, of bytes: RawSpan) -> Range<Int>? {
        guard bytes.byteCount >= 2, byte(bytes, 0) == DER.Tag.sequence,
            let content = element(bytes, at: 0)
        else { return nil }
        var start = content.lowerBound
        for _ in 0..<index {
            guard let member = element(bytes, at: start) else { return nil }
            start = member.upperBound
        }
        return element(bytes, at: start).map { start..<$0.upperBound }
    }

    /// Where an element's content stands by its length, which may be more than there is.
    private static func element(_ bytes: RawSpan, at position: Int) -> Range<Int>? {
        guard position + 2 <= bytes.byteCount else { return nil }
        let first = Int(byte(bytes, position + 1))
        guard first >= 0x80 else { return (position + 2)..<(position + 2 + first) }
        let lengthByteCount = first & 0x7f
        let start = position + 2 + lengthByteCount
        guard (1...4).contains(lengthByteCount), start <= bytes.byteCount else { return nil }
        let count = (position + 2..<start).reduce(0) { $0 << 8 | Int(byte(bytes, $1)) }
        return start..<(start + count)
    }

    private static func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        // SAFETY: callers stay within the span.
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }
}
