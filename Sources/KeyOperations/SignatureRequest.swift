public import CryptoCore

/// What a key is asked to sign.
public enum SignatureRequest: Sendable {
    /// A structure that this project builds from fields, under its context: signed with RSASSA-PSS,
    /// SHA-384 throughout, a 48-byte salt (RFC 8017 § 8.1.1).
    ///
    /// Never bytes that somebody chose. The holder of the key gets the whole structure, not its
    /// digest, so it can look at what it signs.
    case statement([UInt8])
    /// The digest, by the scheme's hash, of bytes that a user chose.
    case digest([UInt8], SignatureScheme)

    /// What a key must be able to do.
    public var operation: KeyOperation {
        switch self {
        case .statement: .signStatement
        case .digest(_, let scheme): .signDigest(scheme)
        }
    }
}
