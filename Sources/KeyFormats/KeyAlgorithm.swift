internal import CryptoCore

/// The algorithm of an AlgorithmIdentifier (RFC 5280 § 4.1.1.2), for messages about a key.
struct KeyAlgorithm: Sendable, Hashable {
    /// The usual name of such a key.
    let name: String

    /// rsaEncryption, the only algorithm that is accepted (RFC 8017 § A.1).
    static let rsa = KeyAlgorithm(name: "RSA")
    /// id-RSASSA-PSS: an RSA key that its owner restricted to PSS signatures (RFC 8017 § A.2.3).
    static let restrictedRSA = KeyAlgorithm(
        name: "RSA restricted to PSS signatures (id-RSASSA-PSS)"
    )

    private static let known: [[UInt8]: KeyAlgorithm] = [
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]: .rsa,
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a]: .restrictedRSA,
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07]: KeyAlgorithm(
            name: "RSA restricted to OAEP encryption"
        ),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]: KeyAlgorithm(name: "elliptic curve (EC)"),
        [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]: KeyAlgorithm(name: "DSA"),
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01]: KeyAlgorithm(
            name: "Diffie-Hellman"
        ),
        [0x2a, 0x86, 0x48, 0xce, 0x3e, 0x02, 0x01]: KeyAlgorithm(name: "Diffie-Hellman"),
        [0x2b, 0x65, 0x6e]: KeyAlgorithm(name: "X25519"),
        [0x2b, 0x65, 0x6f]: KeyAlgorithm(name: "X448"),
        [0x2b, 0x65, 0x70]: KeyAlgorithm(name: "Ed25519"),
        [0x2b, 0x65, 0x71]: KeyAlgorithm(name: "Ed448"),
    ]
    private static let other = KeyAlgorithm(name: "of an algorithm that is not known here")

    private init(name: String) { self.name = name }

    /// Reads the algorithm of a SubjectPublicKeyInfo; `nil` for other bytes.
    init?(ofSPKI der: [UInt8]) {
        var reader = DERReader(der)
        guard var info = try? reader.sequence() else { return nil }
        self.init(&info)
    }

    /// Reads the algorithm of a PrivateKeyInfo without copying the key; `nil` for other bytes.
    init?(ofPrivateKeyInfo der: RawSpan) {
        // Version and algorithm come first. The parameters of elliptic curves also fit in these
        // bytes.
        let start = SecretBytes(copying: der.extracting(first: KeyAlgorithm.prefixByteCount))
        guard DERShape.of(der) == [DER.Tag.integer, DER.Tag.sequence],
            let range = DERShape.member(1, of: start.bytes), range.upperBound <= start.count
        else { return nil }
        let algorithm = SecretBytes(copying: start.bytes.extracting(range)).publicBytes
        var reader = DERReader(algorithm)
        self.init(&reader)
    }

    private static let prefixByteCount = 1024

    private init?(_ reader: inout DERReader) {
        guard var algorithm = try? reader.sequence(),
            let identifier = try? algorithm.next(DER.Tag.objectIdentifier)
        else { return nil }
        self = KeyAlgorithm.known[identifier] ?? .other
    }
}
