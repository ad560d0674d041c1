public import CryptoCore

/// One thing that a private key may be able to do.
public enum KeyOperation: Sendable, Hashable, CustomStringConvertible {
    /// Sign a structure of this project's own: `SignatureRequest.statement`.
    case signStatement
    /// Sign a digest with this scheme.
    case signDigest(SignatureScheme)
    /// Decrypt a small secret: `DecryptingKey.unwrap`.
    case unwrap

    /// Everything that an RSA key can do.
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
