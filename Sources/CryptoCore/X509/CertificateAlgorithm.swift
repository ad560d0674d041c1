/// How a certificate or a request is signed; no other algorithm is written.
public enum CertificateAlgorithm: Sendable {
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384, a salt of 48 bytes (RFC 4055 § 3.1): this
    /// project's own scheme, for session certificates.
    case pssSHA384
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 4055 § 5): for certificates and requests that other
    /// programs read.
    case pkcs1SHA256

    // The contents of object identifiers.
    private static let rsassaPSS: [UInt8] = [
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
    ]
    private static let mgf1: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08]
    private static let sha256WithRSA: [UInt8] = [
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b,
    ]
    private static let sha384: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02]
    private static let saltByteCount: UInt64 = 48

    /// The algorithm as AlgorithmIdentifier (RFC 5280 § 4.1.1.2).
    var identifier: [UInt8] {
        switch self {
        case .pkcs1SHA256:
            return DER.sequence(
                DER.objectIdentifier(CertificateAlgorithm.sha256WithRSA) + DER.null
            )
        case .pssSHA384:
            let hash = DER.sequence(DER.objectIdentifier(CertificateAlgorithm.sha384) + DER.null)
            let mask = DER.sequence(DER.objectIdentifier(CertificateAlgorithm.mgf1) + hash)
            let salt = DER.integer(CertificateAlgorithm.saltByteCount)
            let parameters = DER.sequence(
                DER.explicit(0, hash) + DER.explicit(1, mask) + DER.explicit(2, salt)
            )
            return DER.sequence(DER.objectIdentifier(CertificateAlgorithm.rsassaPSS) + parameters)
        }
    }
}
