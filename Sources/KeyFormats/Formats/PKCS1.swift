internal import CryptoCore

/// `pkcs1` and `pkcs1-der`: RSAPublicKey and RSAPrivateKey (RFC 8017 § A.1).
struct PKCS1: KeyFormat {
    let isPEM: Bool
    private static let publicLabel = "RSA PUBLIC KEY"
    private static let privateLabel = "RSA PRIVATE KEY"

    var id: String { isPEM ? "pkcs1" : "pkcs1-der" }
    var title: String { isPEM ? "RSA key (PKCS#1), PEM" : "RSA key (PKCS#1), DER" }
    var fileExtension: String { isPEM ? "pem" : "der" }
    let content = KeyContent(public: true, private: true)
    var isText: Bool { isPEM }

    func probe(_ bytes: RawSpan) -> Bool {
        guard !isPEM else {
            return [PKCS1.publicLabel, PKCS1.privateLabel].contains(PEM.label(of: bytes))
        }
        let tags = DERShape.tags(bytes, count: 3)
        return tags.starts(with: [DER.Tag.integer, DER.Tag.integer])
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        if isPEM {
            if let locked = try LockedLegacyPEM(bytes) {
                return [KeyEntry(.lockedPrivateKey(locked))]
            }
            let isPublic = PEM.label(of: bytes) == PKCS1.publicLabel
            let der = try PEM.onlyBytes(in: bytes)
            return [try entry(der.bytes, isPublic: isPublic)]
        }
        return [try entry(bytes, isPublic: DERShape.tags(bytes, count: 3).count == 2)]
    }

    private func entry(_ der: RawSpan, isPublic: Bool) throws -> KeyEntry {
        guard isPublic else {
            let key = try RSAPrivateKey(der: der)
            try key.validate()
            return KeyEntry(.privateKey(key))
        }
        let key = try RSAPublicKey(pkcs1DER: SecretBytes(copying: der).publicBytes)
        return try KeyEntry(.publicKey(PublicKey(key, allowingWeak: true)))
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        if let key = try entries.onlyPrivateKey(for: self) {
            guard isPEM else { return try key.pkcs1DERRepresentation() }
            let der = try key.pkcs1DERRepresentation()
            return PEM.encode(secret: der.bytes, label: PKCS1.privateLabel)
        }
        let der = try entries.onlyPublicKey(for: self).rsa.pkcs1DERRepresentation()
        return isPEM
            ? SecretBytes(text: PEM.encode(der, label: PKCS1.publicLabel))
            : SecretBytes(copying: der.borrowedBytes)
    }
}
