public import CryptoCore

/// One operation that a private key may offer.
public enum KeyOperation: Sendable, Hashable, CustomStringConvertible {
    /// Signing a structure of this project: `SignatureRequest.statement`.
    case signStatement
    /// Signing a digest with this scheme.
    case signDigest(SignatureScheme)
    /// Decrypting a small secret: `DecryptingKey.unwrap`.
    case unwrap

    /// All operations of an RSA key.
    public static let all: Set<KeyOperation> = {
        var operations: Set<KeyOperation> = [.signStatement, .unwrap]
        for hash in HashAlgorithm.allCases {
            operations.insert(.signDigest(.pkcs1(hash)))
            operations.insert(.signDigest(.pss(hash)))
        }
        return operations
    }()

    /// A stable name for programs and messages, such as `sign-pss-sha512`.
    public var description: String {
        switch self {
        case .signStatement: "sign-statement"
        case .signDigest(.pkcs1(let hash)): "sign-pkcs1-\(hash.rawValue)"
        case .signDigest(.pss(let hash)): "sign-pss-\(hash.rawValue)"
        case .unwrap: "unwrap"
        }
    }
}
