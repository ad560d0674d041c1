/// As much DER (X.690) as keys take: writing elements, and reading them strictly.
public enum DER {
    /// The tags that keys use.
    public enum Tag {
        /// INTEGER.
        public static let integer: UInt8 = 0x02
        /// OCTET STRING.
        public static let octetString: UInt8 = 0x04
        /// NULL.
        public static let null: UInt8 = 0x05
        /// OBJECT IDENTIFIER.
        public static let objectIdentifier: UInt8 = 0x06
        /// SEQUENCE.
        public static let sequence: UInt8 = 0x30
    }

    /// A positive INTEGER from its magnitude, big endian.
    public static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        guard let first = digits.first else { return element(Tag.integer, [0]) }
        return element(Tag.integer, first >= 0x80 ? [0] + digits : digits)
    }

    /// An INTEGER.
    public static func integer(_ value: UInt64) -> [UInt8] {
        integer((0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) })
    }

    /// A SEQUENCE of elements that are encoded already.
    public static func sequence(_ content: [UInt8]) -> [UInt8] { element(Tag.sequence, content) }

    /// An OCTET STRING.
    public static func octetString(_ content: [UInt8]) -> [UInt8] {
        element(Tag.octetString, content)
    }

    /// An OBJECT IDENTIFIER from its encoded content.
    public static func objectIdentifier(_ content: [UInt8]) -> [UInt8] {
        element(Tag.objectIdentifier, content)
    }

    /// Whether a secret is one SEQUENCE and nothing after it, without a copy of its content.
    static func isSequence(_ bytes: RawSpan) -> Bool {
        let prefix = SecretBytes(copying: bytes.extracting(first: 6))
        let start = prefix.publicBytes
        guard start.count >= 2, start[0] == Tag.sequence else { return false }
        guard start[1] >= 0x80 else { return bytes.byteCount == 2 + Int(start[1]) }
        let count = Int(start[1] & 0x7f)
        guard (1...4).contains(count), start.count >= 2 + count else { return false }
        return bytes.byteCount == 2 + count + start[2..<(2 + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    static let null: [UInt8] = [Tag.null, 0]

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        head(tag, count: content.count) + content
    }

    /// Tag and length of an element of `count` bytes.
    static func head(_ tag: UInt8, count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [tag, UInt8(count)] }
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
            .drop { $0 == 0 }
        return [tag, 0x80 | UInt8(bytes.count)] + bytes
    }
}

/// Reads DER elements in their order: definite, shortest lengths only, nothing left over.
public struct DERReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private static let largestLengthByteCount = 4

    /// Reads `bytes` from their start.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// Whether everything was read.
    public var isAtEnd: Bool { position == end }

    /// The tag of the next element; `nil` at the end.
    public var nextTag: UInt8? { position < end ? bytes[position] : nil }

    /// The content of the next element, which must have this tag.
    public mutating func next(_ tag: UInt8) throws(CryptoError) -> [UInt8] {
        Array(bytes[try range(tag)])
    }

    /// A reader of the next SEQUENCE's elements.
    public mutating func sequence() throws(CryptoError) -> DERReader {
        DERReader(bytes, try range(DER.Tag.sequence))
    }

    /// The next INTEGER as a number that is not negative and fits 63 bits.
    public mutating func number() throws(CryptoError) -> UInt64 {
        let content = try next(DER.Tag.integer)
        guard let first = content.first, first < 0x80, content.count <= 8,
            content.count == 1 || first != 0 || content[1] >= 0x80
        else { throw CryptoError.invalidEncoding("DER structure") }
        return content.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Throws unless everything was read.
    public func finish() throws(CryptoError) {
        guard isAtEnd else { throw CryptoError.invalidEncoding("DER structure") }
    }

    private mutating func range(_ tag: UInt8) throws(CryptoError) -> Range<Int> {
        let invalid = CryptoError.invalidEncoding("DER structure")
        guard nextTag == tag, position + 1 < end else { throw invalid }
        var count = Int(bytes[position + 1])
        var start = position + 2
        if count >= 0x80 {
            let lengthByteCount = count & 0x7f
            guard (1...DERReader.largestLengthByteCount).contains(lengthByteCount),
                start + lengthByteCount <= end
            else { throw invalid }
            count = bytes[start..<(start + lengthByteCount)].reduce(0) { $0 << 8 | Int($1) }
            guard bytes[start] != 0, count >= 0x80 else { throw invalid }
            start += lengthByteCount
        }
        guard count <= end - start else { throw invalid }
        position = start + count
        return start..<position
    }
}
