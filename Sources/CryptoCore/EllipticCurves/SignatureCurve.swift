internal import COpenSSL

/// The elliptic curves of SSH keys that sign: Ed25519 (RFC 8032) and ECDSA on the curves of NIST
/// (FIPS 186-5 § 6).
public enum SignatureCurve: String, Sendable, CaseIterable {
    /// Ed25519.
    case ed25519
    /// ECDSA on P-256, with SHA-256.
    case p256 = "nistp256"
    /// ECDSA on P-384, with SHA-384.
    case p384 = "nistp384"
    /// ECDSA on P-521, with SHA-512.
    case p521 = "nistp521"

    /// The length of a public key, in bytes: of an uncompressed point, or of an Ed25519 key.
    public var pointByteCount: Int {
        switch self {
        case .ed25519: 32
        case .p256: 1 + 2 * 32
        case .p384: 1 + 2 * 48
        case .p521: 1 + 2 * 66
        }
    }

    /// The largest length of a private key, in bytes.
    var scalarByteCount: Int {
        switch self {
        case .ed25519, .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// The name of the group in OpenSSL; `nil` for Ed25519.
    var groupName: String? {
        switch self {
        case .ed25519: nil
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        }
    }

    /// The hash of the signatures; `nil` for Ed25519, which contains its own.
    var hash: OpaquePointer? {
        switch self {
        case .ed25519: nil
        case .p256: unsafe EVP_sha256()
        case .p384: unsafe EVP_sha384()
        case .p521: unsafe EVP_sha512()
        }
    }
}
