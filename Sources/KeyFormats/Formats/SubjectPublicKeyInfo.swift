internal import CryptoCore

/// `pem` and `der`: SubjectPublicKeyInfo (RFC 5280 § 4.1.2.7; in PEM RFC 7468 § 13).
struct SubjectPublicKeyInfo: KeyFormat {
    let isPEM: Bool
    private static let label = "PUBLIC KEY"

    var id: String { isPEM ? "pem" : "der" }
    var title: String { isPEM ? "public key (SPKI), PEM" : "public key (SPKI), DER" }
    var fileExtension: String { isPEM ? "pub" : "der" }
    let content = KeyContent.publicKey
    var isText: Bool { isPEM }

    func probe(_ bytes: RawSpan) -> Bool {
        isPEM
            ? PEM.label(of: bytes) == SubjectPublicKeyInfo.label
            // Its first member is a SEQUENCE, its second a BIT STRING.
            : DERShape.of(bytes) == [DER.Tag.sequence, DER.Tag.bitString]
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        let der =
            try isPEM
            ? PEM.onlyBytes(in: bytes).publicBytes : SecretBytes(copying: bytes).publicBytes
        return [KeyEntry(try KeyMaterial(spkiDER: der))]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        let der = try entries.onlyPublicKey(for: self).spkiDER
        return isPEM
            ? SecretBytes(text: PEM.encode(der, label: SubjectPublicKeyInfo.label))
            : SecretBytes(copying: der.borrowedBytes)
    }
}

extension KeyMaterial {
    /// Reads a SubjectPublicKeyInfo.
    ///
    /// A key that is not RSA becomes `otherKind`.
    ///
    /// Throws `CryptoError` or `KeyFormatError` if the key is damaged.
    init(spkiDER der: [UInt8]) throws {
        if let algorithm = KeyAlgorithm(ofSPKI: der), algorithm != .rsa {
            self = .otherKind(algorithm.name)
        } else {
            self = .publicKey(try PublicKey(RSAPublicKey(spkiDER: der), allowingWeak: true))
        }
    }
}
