/// Reads the fields of an encoded message one by one, without decoding the message.
///
/// So the kind and the number of fields are known before they cost memory.
package struct WireScan {
    /// One field: its number and its ranges.
    package struct Field {
        package let number: Int
        /// The range of the whole field with its tag.
        package let range: Range<Int>
        /// The range of the content of a length-delimited field; `nil` for a number.
        package let content: Range<Int>?
    }

    // Protocol Buffers, "Encoding": the wire types that are still in use.
    private static let varint: UInt64 = 0
    private static let fixed64: UInt64 = 1
    private static let delimited: UInt64 = 2
    private static let fixed32: UInt64 = 5

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// Begins at the start of a message.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Returns the next field; `nil` at the end.
    ///
    /// Throws `ChatError` if the bytes are not a valid message.
    package mutating func next() throws(ChatError) -> Field? {
        guard position < bytes.endIndex else { return nil }
        let start = position
        let tag = try number()
        guard let field = Int(exactly: tag >> 3), field > 0 else { throw WireScan.unreadable }
        var content: Range<Int>?
        switch tag & 7 {
        case WireScan.varint: _ = try number()
        case WireScan.fixed64: try skip(8)
        case WireScan.fixed32: try skip(4)
        case WireScan.delimited:
            guard let count = Int(exactly: try number()) else { throw WireScan.unreadable }
            let begin = position
            try skip(count)
            content = begin..<position
        default: throw WireScan.unreadable  // groups; no message uses them
        }
        return Field(number: field, range: start..<position, content: content)
    }

    private mutating func skip(_ count: Int) throws(ChatError) {
        guard count <= bytes.endIndex - position else { throw WireScan.unreadable }
        position += count
    }

    private mutating func number() throws(ChatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.endIndex else { throw WireScan.unreadable }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw WireScan.unreadable
    }

    private static let unreadable = ChatError.violation("a frame cannot be read")
}
