/// The part of DER (X.690) that keys need: this type writes elements, `DERReader` reads them.
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

    /// Returns a positive INTEGER with this magnitude, big endian.
    public static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        guard let first = digits.first else { return element(Tag.integer, [0]) }
        return element(Tag.integer, first >= 0x80 ? [0] + digits : digits)
    }

    /// Returns an INTEGER with this value.
    public static func integer(_ value: UInt64) -> [UInt8] {
        integer((0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) })
    }

    /// Returns a SEQUENCE of encoded elements.
    public static func sequence(_ content: [UInt8]) -> [UInt8] { element(Tag.sequence, content) }

    /// Returns an OCTET STRING.
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

    /// Returns whether secret bytes are exactly one SEQUENCE.
    ///
    /// The content is not copied.
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

    /// Returns the tag and the length of an element with `count` bytes of content.
    static func head(_ tag: UInt8, count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [tag, UInt8(count)] }
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
            .drop { $0 == 0 }
        return [tag, 0x80 | UInt8(bytes.count)] + bytes
    }
}

/// Reads DER elements in their order.
///
/// Lengths must be definite and as short as possible.
public struct DERReader {
    private let bytes: [UInt8]
    private var cursor: DERCursor

    /// Begins at the start of `bytes`.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        cursor = DERCursor(0..<bytes.count)
    }

    private init(_ bytes: [UInt8], _ cursor: DERCursor) {
        self.bytes = bytes
        self.cursor = cursor
    }

    /// Whether all elements were read.
    public var isAtEnd: Bool { cursor.isAtEnd }

    /// The tag of the next element; `nil` at the end.
    public var nextTag: UInt8? { cursor.nextTag(in: bytes.borrowedBytes) }

    /// Reads the next element and returns its content; throws `CryptoError` if it has another tag.
    public mutating func next(_ tag: UInt8) throws(CryptoError) -> [UInt8] {
        let source = bytes
        return Array(source[try cursor.next(tag, in: source.borrowedBytes)])
    }

    /// Reads the next SEQUENCE and returns a reader of its elements; throws `CryptoError`
    /// otherwise.
    public mutating func sequence() throws(CryptoError) -> DERReader {
        let source = bytes
        return DERReader(source, try cursor.sequence(in: source.borrowedBytes))
    }

    /// Reads the next INTEGER; throws `CryptoError` unless it is not negative and fits 63 bits.
    public mutating func number() throws(CryptoError) -> UInt64 {
        let source = bytes
        return try cursor.number(in: source.borrowedBytes)
    }

    /// Throws `CryptoError` unless all elements were read.
    public func finish() throws(CryptoError) { try cursor.finish() }
}
