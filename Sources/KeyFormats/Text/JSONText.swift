package import CryptoCore

/// A JSON text (RFC 8259), parsed strictly: each name once, bounded depth, nothing after it.
///
/// Strings stay in the source, so a private key in a JWK is copied only into cleansed memory.
package indirect enum JSONText: Sendable {
    /// An object with its members, in their order.
    case object([(name: String, value: JSONText)])
    /// An array.
    case array([JSONText])
    /// A string without escapes: the range of its content.
    case plainString(Range<Int>)
    /// A string with escapes, decoded.
    case escapedString(String)
    /// A number: its range.
    case number(Range<Int>)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`.
    case null

    /// The deepest nesting that is read.
    package static let largestDepth = 16
    /// The largest number of values that is read.
    package static let largestValueCount = 100_000

    /// Parses one JSON text and nothing after it; throws `CryptoError` if it is not valid.
    package static func parse(_ bytes: RawSpan) throws(CryptoError) -> JSONText {
        var parser = JSONParser(bytes)
        return try parser.text()
    }

    /// Returns whether a text is an object with a member of one of these names; `nil` if it is no
    /// object.
    ///
    /// Strings are not decoded, because another member may be a private key.
    static func hasMember(_ names: Set<String>, in bytes: RawSpan) -> Bool? {
        var parser = JSONParser(bytes, decodesStrings: false)
        guard case .object(let members)? = try? parser.text() else { return nil }
        return members.contains { names.contains($0.name) }
    }

    /// Returns the value of an object's member.
    package subscript(_ name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// Returns a public string as text; `nil` for other values.
    package func string(in bytes: RawSpan) -> String? {
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

    /// Returns a number; `nil` for other values.
    package func double(in bytes: RawSpan) -> Double? {
        guard case .number(let range) = self else { return nil }
        let digits = SecretBytes(copying: bytes.extracting(range)).publicBytes
        return Double(String(decoding: digits, as: UTF8.self))
    }

    /// Returns a whole number; `nil` for other values.
    package func integer(in bytes: RawSpan) -> Int64? {
        guard case .number(let range) = self else { return nil }
        let digits = SecretBytes(copying: bytes.extracting(range)).publicBytes
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
