internal import CryptoCore
internal import KeyOperations

/// `certificate` and `certificate-der`: X.509 (RFC 5280).
///
/// A written certificate is self-signed. Of a certificate that is read, only the key is used, and
/// nothing is trusted.
struct Certificate: KeyFormat {
    let isPEM: Bool
    private static let label = "CERTIFICATE"
    /// An older label that RFC 7468 § 5.1 mentions.
    ///
    /// It is read, and never written.
    private static let oldLabel = "X509 CERTIFICATE"

    var id: String { isPEM ? "certificate" : "certificate-der" }
    var title: String { isPEM ? "self-signed certificate, PEM" : "self-signed certificate, DER" }
    var fileExtension: String { isPEM ? "crt" : "cer" }
    let content = KeyContent(public: true, private: false, signer: true)
    var isText: Bool { isPEM }

    func probe(_ bytes: RawSpan) -> Bool {
        guard !isPEM else {
            return [Certificate.label, Certificate.oldLabel].contains(PEM.label(of: bytes))
        }
        return DERShape.isSigned(bytes)
            && (try? X509Certificate(der: SecretBytes(copying: bytes).publicBytes)) != nil
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        let der =
            try isPEM
            ? PEM.onlyBytes(in: bytes).publicBytes : SecretBytes(copying: bytes).publicBytes
        let certificate = try X509Certificate(der: der)
        let names = try CertificateNames(
            subject: certificate.subjectNameDER(),
            issuer: certificate.issuerNameDER()
        )
        let material = try KeyMaterial(spkiDER: certificate.subjectPublicKeyDER())
        return [KeyEntry(material, certificate: names)]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        let key = try entries.onlySigner(for: self, encoding)
        let der = try Certificate.make(key, entries[0].name, encoding).derRepresentation
        return isPEM
            ? SecretBytes(text: PEM.encode(der, label: Certificate.label))
            : SecretBytes(copying: der.borrowedBytes)
    }

    static func make(
        _ key: any SigningKey,
        _ name: String,
        _ encoding: KeyEncoding
    ) throws -> X509Certificate {
        let secondsADay: Int64 = 86_400
        return try X509Certificate.selfSigned(
            key,
            subject: encoding.subject
                ?? CertificateSubject(
                    commonName: CertificateSubject.commonName(from: name) ?? "key",
                    alternativeNames: []
                ),
            notBefore: encoding.time.seconds,
            notAfter: encoding.time.seconds + encoding.dayCount * secondsADay
        )
    }
}

/// `csr` and `csr-der`: a certification request (PKCS#10, RFC 2986).
struct SigningRequest: KeyFormat {
    let isPEM: Bool
    private static let label = "CERTIFICATE REQUEST"

    var id: String { isPEM ? "csr" : "csr-der" }
    var title: String { isPEM ? "certification request, PEM" : "certification request, DER" }
    var fileExtension: String { isPEM ? "csr" : "p10" }
    let content = KeyContent(public: true, private: false, signer: true)
    var isText: Bool { isPEM }

    func probe(_ bytes: RawSpan) -> Bool {
        guard !isPEM else {
            return [SigningRequest.label, "NEW CERTIFICATE REQUEST"].contains(PEM.label(of: bytes))
        }
        return DERShape.isSigned(bytes)  // certificates were tried before
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        let der =
            try isPEM
            ? PEM.onlyBytes(in: bytes).publicBytes : SecretBytes(copying: bytes).publicBytes
        return [KeyEntry(try KeyMaterial(spkiDER: CertificateRequest.subjectPublicKeyDER(of: der)))]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        let key = try entries.onlySigner(for: self, encoding)
        let name = entries[0].name
        let der = try CertificateRequest.make(
            key,
            subject: encoding.subject
                ?? CertificateSubject(
                    commonName: CertificateSubject.commonName(from: name) ?? "key",
                    alternativeNames: []
                )
        )
        return isPEM
            ? SecretBytes(text: PEM.encode(der, label: SigningRequest.label))
            : SecretBytes(copying: der.borrowedBytes)
    }
}

extension DERShape {
    /// Returns whether the bytes are a certificate or a request: content, algorithm, signature.
    static func isSigned(_ bytes: RawSpan) -> Bool {
        tags(bytes, count: 3) == [DER.Tag.sequence, DER.Tag.sequence, DER.Tag.bitString]
    }
}
