import ChatProtocol
import KeyFormats
import KeyOperations
import Testing

@testable import CryptoCore

/// The rows whose bytes are DER: content, algorithm, signature.
extension SignatureRow {
    private static let now: Int64 = 1_800_000_000
    /// SEQUENCE, a length of two bytes, and the tag of the first member.
    private static let contextByteCount = 5

    static func request(_ key: RSAPrivateKey) throws -> SignatureRow {
        let der = try CertificateRequest.make(
            key,
            subject: CertificateSubject(commonName: "alice", alternativeNames: [])
        )
        return try row("request", .chosen(.pkcs1(.sha256)), der) { other in
            (try? CertificateRequest.subjectPublicKeyDER(of: other)) != nil
        }
    }

    /// No code of ours trusts the signature of such a certificate; other programs do.
    static func selfSigned(_ key: RSAPrivateKey) throws -> SignatureRow {
        let certificate = try X509Certificate.selfSigned(
            key,
            subject: CertificateSubject(commonName: "alice", alternativeNames: []),
            notBefore: now,
            notAfter: now + 1
        )
        #expect(!certificate.isSigned(by: key.publicKey))
        let scheme = Scheme.chosen(.pkcs1(.sha256))
        return try row("self-signed certificate", scheme, certificate.derRepresentation) { other in
            guard let parts = try? taken(apart: other) else { return false }
            return scheme.isValid(parts.signature, over: parts.signed, key.publicKey)
        }
    }

    static func session(_ key: RSAPrivateKey) throws -> SignatureRow {
        let id = try PublicKey(key.publicKey).identityID
        let keys = try SessionKeys(
            use: .client,
            identity: id,
            chat: id,
            version: 1,
            statements: [],
            issuer: key,
            now: now
        )
        let der = keys.certificate.certificate.derRepresentation
        return try row("session certificate", .own, der) { other in
            let certificate = try? SessionCertificate(der: other, use: .client)
            return certificate?.isIssued(by: key.publicKey, at: now) == true
        }
    }

    private static func row(
        _ name: String,
        _ scheme: Scheme,
        _ der: [UInt8],
        isTaken: @escaping ([UInt8]) -> Bool
    ) throws -> SignatureRow {
        let parts = try taken(apart: der)
        return SignatureRow(
            name: name,
            scheme: scheme,
            context: Array(parts.signed.prefix(contextByteCount)),
            body: Array(parts.signed.dropFirst(contextByteCount)),
            signature: parts.signature
        ) { other in
            let bits = DER.head(0x03, count: other.count + 1) + [0] + other
            return isTaken(DER.sequence(parts.signed + parts.algorithm + bits))
        }
    }

    private static func taken(
        apart der: [UInt8]
    ) throws -> (signed: [UInt8], algorithm: [UInt8], signature: [UInt8]) {
        var reader = DERReader(der)
        var members = try reader.sequence()
        let signed = DER.sequence(try members.next(DER.Tag.sequence))
        let algorithm = DER.sequence(try members.next(DER.Tag.sequence))
        return (signed, algorithm, Array(try members.next(0x03).dropFirst()))
    }
}
