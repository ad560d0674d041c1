/// A PKCS #11 URI (RFC 7512): it names tokens and keys by what their module says of them.
///
/// It holds no secret: a URI with a PIN is refused.
public struct TokenURI: Sendable, Hashable {
    /// An attribute of the path, which restricts what the URI names.
    enum Attribute: String, CaseIterable {
        case token
        case manufacturer
        case model
        case serial
        case slotDescription = "slot-description"
        case slotManufacturer = "slot-manufacturer"
        case slotID = "slot-id"
        case libraryDescription = "library-description"
        case libraryManufacturer = "library-manufacturer"
        case libraryVersion = "library-version"
        case id
        case object
        case type
    }

    /// The scheme, with its colon.
    static let scheme = "pkcs11:"
    /// The longest URI that is read, in bytes.
    static let largestByteCount = 4096

    /// The decoded values of the path.
    var attributes: [Attribute: [UInt8]] = [:]
    /// The file of the module; `nil` for the module of the environment, or p11-kit's.
    var modulePath: String?

    init() {}

    /// Reads a URI; its scheme may be left out.
    ///
    /// Throws `PKCS11Error` for text that RFC 7512 does not allow, for an attribute of the path
    /// that is not known, because it would restrict the URI, and for `pin-value`, `pin-source` and
    /// `module-name`. Unknown attributes of the query are ignored.
    public init(parsing text: String) throws(PKCS11Error) {
        guard text.utf8.count <= TokenURI.largestByteCount else {
            throw PKCS11Error.invalidURI("it has more than \(TokenURI.largestByteCount) bytes")
        }
        var rest = text[...]
        if rest.hasPrefix(TokenURI.scheme) { rest = rest.dropFirst(TokenURI.scheme.count) }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        if let path = parts.first, !path.isEmpty { try readPath(path) }
        if parts.count > 1, !parts[1].isEmpty { try readQuery(parts[1]) }
    }

    private mutating func readPath(_ path: Substring) throws(PKCS11Error) {
        for part in path.split(separator: ";", omittingEmptySubsequences: false) {
            let (name, value) = try TokenURI.pair(part, alsoAllowing: "&")
            guard let attribute = Attribute(rawValue: name) else {
                throw PKCS11Error.invalidURI("the attribute \(name) is not known")
            }
            guard attributes.updateValue(value, forKey: attribute) == nil else {
                throw PKCS11Error.invalidURI("\(name) stands there twice")
            }
            guard attribute.allows(value) else {
                throw PKCS11Error.invalidURI("the value of \(name) is not one of RFC 7512")
            }
        }
    }

    private mutating func readQuery(_ query: Substring) throws(PKCS11Error) {
        for part in query.split(separator: "&", omittingEmptySubsequences: false) {
            let (name, value) = try TokenURI.pair(part, alsoAllowing: "/?|")
            switch name {
            case "pin-value": throw PKCS11Error.pinInURI
            case "pin-source": throw PKCS11Error.pinSource
            case "module-name": throw PKCS11Error.moduleName
            case "module-path":
                guard modulePath == nil else {
                    throw PKCS11Error.invalidURI("module-path stands there twice")
                }
                guard let path = String(validating: value, as: UTF8.self), !value.contains(0) else {
                    throw PKCS11Error.invalidURI("module-path is no path")
                }
                modulePath = path
            default: break
            }
        }
    }

    private static func pair(
        _ part: Substring,
        alsoAllowing extra: String
    ) throws(PKCS11Error) -> (name: String, value: [UInt8]) {
        let parts = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isName = parts[0].utf8.allSatisfy { byte in
            byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || isOther(byte))
        }
        guard parts.count == 2, !parts[0].isEmpty, isName else {
            throw PKCS11Error.invalidURI("an attribute is NAME=VALUE")
        }
        let name = String(parts[0])
        guard let value = PercentEncoding.decode(parts[1], alsoAllowing: extra) else {
            throw PKCS11Error.invalidURI("the value of \(name) is not percent-encoded rightly")
        }
        return (name, value)
    }

    /// Digits, `-` and `_`: with letters, the characters of names.
    private static func isOther(_ byte: UInt8) -> Bool { "0123456789-_".utf8.contains(byte) }
}

extension TokenURI.Attribute {
    private static let types = ["public", "private", "cert", "secret-key", "data"]

    fileprivate func allows(_ value: [UInt8]) -> Bool {
        let text = String(validating: value, as: UTF8.self)
        switch self {
        case .slotID: return TokenURI.number(value) != nil
        case .libraryVersion: return TokenURI.version(value) != nil
        case .type: return text.map(TokenURI.Attribute.types.contains) ?? false
        case .id: return true
        case .token, .manufacturer, .model, .serial, .slotDescription, .slotManufacturer,
            .libraryDescription, .libraryManufacturer, .object:
            return text != nil
        }
    }
}

extension TokenURI: CustomStringConvertible {
    /// The URI in one form: known attributes in a fixed order, encoded in one way.
    public var description: String {
        let pairs = Attribute.allCases.compactMap { attribute in
            attributes[attribute].map { value in
                let text = PercentEncoding.encode(value, encodingAll: attribute == .id)
                return "\(attribute.rawValue)=\(text)"
            }
        }
        let query = modulePath.map { path in
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            let encoded = parts.map { PercentEncoding.encode(Array($0.utf8)) }
            return "?module-path=" + encoded.joined(separator: "/")
        }
        return TokenURI.scheme + pairs.joined(separator: ";") + (query ?? "")
    }
}

extension TokenURI {
    /// A decimal number (RFC 7512: `1*DIGIT`).
    static func number(_ value: [UInt8]) -> UInt? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard !value.isEmpty, value.allSatisfy(digits.contains) else { return nil }
        return UInt(String(decoding: value, as: UTF8.self))
    }

    /// A version (RFC 7512: `1*DIGIT [ "." 1*DIGIT ]`).
    static func version(_ value: [UInt8]) -> (major: UInt, minor: UInt)? {
        let parts = value.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let major = number(Array(parts[0])) else { return nil }
        guard parts.count == 2 else { return (major, 0) }
        return number(Array(parts[1])).map { (major, $0) }
    }
}
