internal import CryptoCore

/// The parser of `JSONText`.
///
/// It is recursive, with a bounded depth.
struct JSONParser: ~Copyable {
    private let source: SecretBytes
    private var position = 0
    private var valueCount = 0
    /// Whether strings with escapes are decoded as values.
    ///
    /// Names are always decoded.
    private let decodesStrings: Bool
    private static let invalid = CryptoError.malformed("JSON text")

    init(_ bytes: RawSpan, decodesStrings: Bool = true) {
        source = SecretBytes(copying: bytes)
        self.decodesStrings = decodesStrings
    }

    mutating func text() throws(CryptoError) -> JSONText {
        let value = try value(depth: 0)
        skipSpace()
        guard position == source.count else { throw JSONParser.invalid }
        return value
    }

    private mutating func value(depth: Int) throws(CryptoError) -> JSONText {
        valueCount += 1
        guard depth <= JSONText.largestDepth, valueCount <= JSONText.largestValueCount else {
            throw JSONParser.invalid
        }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return try decodesStrings ? string() : skippedString()
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(CryptoError) -> JSONText {
        position += 1
        var members: [(name: String, value: JSONText)] = []
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\""), let name = try string().string(in: source.bytes),
                names.insert(name).inserted  // another reader may take the second one
            else { throw JSONParser.invalid }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw JSONParser.invalid }
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw JSONParser.invalid }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(CryptoError) -> JSONText {
        position += 1
        var values: [JSONText] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw JSONParser.invalid }
        return .array(values)
    }

    private mutating func string() throws(CryptoError) -> JSONText {
        position += 1
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { throw JSONParser.invalid }
            position += 1
        }
        if take(UInt8(ascii: "\"")) { return .plainString(start..<(position - 1)) }
        position = start
        return .escapedString(try escapedString())
    }

    /// Reads a string and checks its escapes, but keeps nothing of it.
    private mutating func skippedString() throws(CryptoError) -> JSONText {
        position += 1
        let start = position
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return .plainString(start..<(position - 1))
            case UInt8(ascii: "\\"): _ = try escape()
            case ..<0x20: throw JSONParser.invalid
            default: continue
            }
        }
        throw JSONParser.invalid
    }

    private mutating func escapedString() throws(CryptoError) -> String {
        var text: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw JSONParser.invalid
                }
                return valid
            case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
            case ..<0x20: throw JSONParser.invalid
            default: text.append(byte)
            }
        }
        throw JSONParser.invalid
    }

    private mutating func escape() throws(CryptoError) -> Unicode.Scalar {
        guard let byte = peek() else { throw JSONParser.invalid }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            if let scalar = Unicode.Scalar(UInt32(unit)) { return scalar }
            // A pair of surrogates is one character outside of the basic plane.
            guard UTF16.isLeadSurrogate(unit), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u"))
            else { throw JSONParser.invalid }
            let second = try hexadecimalUnit()
            guard UTF16.isTrailSurrogate(second) else { throw JSONParser.invalid }
            let value = 0x10000 + (UInt32(unit) & 0x3ff) << 10 + UInt32(second) & 0x3ff
            guard let scalar = Unicode.Scalar(value) else { throw JSONParser.invalid }
            return scalar
        default: throw JSONParser.invalid
        }
    }

    private mutating func hexadecimalUnit() throws(CryptoError) -> UInt16 {
        guard source.count - position >= 4 else { throw JSONParser.invalid }
        let digits = SecretBytes(copying: source.bytes.extracting(position..<(position + 4)))
            .publicBytes
        guard digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw JSONParser.invalid }
        position += 4
        return unit
    }

    private mutating func number() throws(CryptoError) -> JSONText {
        let start = position
        _ = take(UInt8(ascii: "-"))
        guard !take(UInt8(ascii: "0")) else { return try fraction(from: start) }
        guard digits() > 0 else { throw JSONParser.invalid }
        return try fraction(from: start)
    }

    private mutating func fraction(from start: Int) throws(CryptoError) -> JSONText {
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { throw JSONParser.invalid }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw JSONParser.invalid }
        }
        return .number(start..<position)
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        return position - start
    }

    private func peek() -> UInt8? {
        position < source.count ? source.bytes.byte(at: position) : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
            position += 1
        }
    }

    private mutating func expect(_ word: String) throws(CryptoError) {
        for byte in word.utf8 {
            guard take(byte) else { throw JSONParser.invalid }
        }
    }
}
