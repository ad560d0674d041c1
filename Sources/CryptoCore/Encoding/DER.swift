/// As much DER (X.690) as keys take: writing elements, and reading them strictly.
public enum DER {
    /// The tags that keys use.
    public enum Tag {
        /// INTEGER.
        public static let integer: UInt8 = 0x02
        /// BIT STRING.
        public static let bitString: UInt8 = 0x03
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

    /// A BIT STRING of whole bytes.
    static func bitString(_ content: [UInt8]) -> [UInt8] {
        let unusedBitCount: UInt8 = 0
        return element(Tag.bitString, [unusedBitCount] + content)
    }

    /// An element under an explicit tag `[number]`; the number is less than 31.
    static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        let contextConstructed: UInt8 = 0xa0
        return element(contextConstructed | number, content)
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
    private var cursor: DERCursor

    /// Reads `bytes` from their start.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        cursor = DERCursor(0..<bytes.count)
    }

    private init(_ bytes: [UInt8], _ cursor: DERCursor) {
        self.bytes = bytes
        self.cursor = cursor
    }

    /// Whether everything was read.
    public var isAtEnd: Bool { cursor.isAtEnd }

    /// The tag of the next element; `nil` at the end.
    public var nextTag: UInt8? { cursor.nextTag(in: bytes.borrowedBytes) }

    /// The content of the next element, which must have this tag.
    public mutating func next(_ tag: UInt8) throws(CryptoError) -> [UInt8] {
        let source = bytes
        return Array(source[try cursor.next(tag, in: source.borrowedBytes)])
    }

    /// A reader of the next SEQUENCE's elements.
    public mutating func sequence() throws(CryptoError) -> DERReader {
        let source = bytes
        return DERReader(source, try cursor.sequence(in: source.borrowedBytes))
    }

    /// The next INTEGER as a number that is not negative and fits 63 bits.
    public mutating func number() throws(CryptoError) -> UInt64 {
        let source = bytes
        return try cursor.number(in: source.borrowedBytes)
    }

    /// Throws unless everything was read.
    public func finish() throws(CryptoError) { try cursor.finish() }
}
