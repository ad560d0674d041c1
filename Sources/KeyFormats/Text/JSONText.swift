public import CryptoCore

/// A JSON text (RFC 8259), read strictly: each name once, no depth without end, nothing left over.
///
/// Strings stay where they are, so a private key in a JWK is copied only into cleansed memory.
public indirect enum JSONText: Sendable {
    /// An object, its members in their order.
    case object([(name: String, value: JSONText)])
    /// An array.
    case array([JSONText])
    /// A string without escapes: where its content stands.
    case plainString(Range<Int>)
    /// A string with escapes, decoded.
    case escapedString(String)
    /// A number, where it stands.
    case number(Range<Int>)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null

    /// Deepest nesting that is read.
    public static let largestDepth = 16
    /// Most values that are read.
    public static let largestValueCount = 100_000

    /// Reads one JSON text and nothing after it; throws `CryptoError` for anything else.
    public static func parse(_ bytes: RawSpan) throws(CryptoError) -> JSONText {
        var parser = JSONParser(bytes)
        return try parser.text()
    }

    /// Whether a text is an object that has a member of one of these names; `nil` where it is no JSON
    /// object.
    ///
    /// Strings are not decoded: a member of another name may be a private key.
    static func hasMember(_ names: Set<String>, in bytes: RawSpan) -> Bool? {
        var parser = JSONParser(bytes, decodesStrings: false)
        guard case .object(let members)? = try? parser.text() else { return nil }
        return members.contains { names.contains($0.name) }
    }

    /// The value of an object's member.
    public subscript(_ name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// A string that is public, as text.
    public func string(in bytes: RawSpan) -> String? {
        switch self {
        case .escapedString(let text): text
        case .plainString(let range):
            String(
                validating: SecretBytes(copying: bytes.extracting(range)).publicBytes,
                as: UTF8.self
            )
        case .object, .array, .number, .bool, .null: nil
        }
    }

    /// A number.
    public func double(in bytes: RawSpan) -> Double? {
        guard case .number(let range) = self else { return nil }
        let digits = SecretBytes(copying: bytes.extracting(range)).publicBytes
        return Double(String(decoding: digits, as: UTF8.self))
    }

    /// A whole number.
    public func integer(in bytes: RawSpan) -> Int64? {
        guard case .number(let range) = self else { return nil }
        let digits = SecretBytes(copying: bytes.extracting(range)).publicBytes
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
