public import CryptoCore

/// The content that a key signs.
public enum SignatureRequest: Sendable {
    /// A structure that this project builds from fields, with its context.
    ///
    /// It is signed with RSASSA-PSS, SHA-384 and a salt of 48 bytes (RFC 8017 § 8.1.1). It must
    /// never be bytes that a user chose. The key gets the whole structure, not its digest, so that
    /// it can examine what it signs.
    case statement([UInt8])
    /// The digest of bytes that a user chose, computed with the scheme's hash.
    case digest([UInt8], SignatureScheme)

    /// The operation that the key must offer.
    public var operation: KeyOperation {
        switch self {
        case .statement: .signStatement
        case .digest(_, let scheme): .signDigest(scheme)
        }
    }
}
