import KeyOperations

@testable import CryptoCore
@testable import KeyFormats

/// Certification requests, which sign themselves.
///
/// The signature is computed again over the fuzzer's changes.
enum SigningRequestTarget {
    static let target = FuzzTarget("signing-request", seeds: seeds) { bytes in
        if let entries = try decoded(bytes) { return content(of: entries, bytes) }
        guard let signed = try signed(bytes), let entries = try decoded(signed) else { return nil }
        return content(of: entries, signed)
    }

    private static let scheme = SignatureScheme.pkcs1(.sha256)

    private static func decoded(_ bytes: [UInt8]) throws -> [KeyEntry]? {
        for format in ["csr", "csr-der"].compactMap(KeyFormats.named)
        where format.probe(bytes.borrowedBytes) {
            if let entries = try? format.decode(bytes.borrowedBytes) { return entries }
        }
        return nil
    }

    private static func content(of entries: [KeyEntry], _ bytes: [UInt8]) -> [UInt8] {
        entries.compactMap { $0.publicKey?.spkiDER }.flatMap(\.self) + (information(bytes) ?? bytes)
    }

    /// Returns the content of a request in DER, without its algorithm and signature.
    private static func information(_ bytes: [UInt8]) -> [UInt8]? {
        var reader = DERReader(bytes)
        guard var request = try? reader.sequence() else { return nil }
        return (try? request.next(DER.Tag.sequence)).map(DER.sequence)
    }

    /// Returns the same request with alice's signature, as DER.
    private static func signed(_ bytes: [UInt8]) throws -> [UInt8]? {
        var reader = DERReader(bytes)
        var request = try reader.sequence()
        let information = DER.sequence(try request.next(DER.Tag.sequence))
        let algorithm = DER.sequence(try request.next(DER.Tag.sequence))
        let signature = try FuzzKeys.alice.signature(
            ofDigest: HashAlgorithm.sha256.digest(of: information),
            scheme: scheme
        )
        // A BIT STRING begins with the number of its unused bits.
        let bits =
            DER.head(DER.Tag.bitString, count: signature.count + 1) + [0] + signature
        return DER.sequence(information + algorithm + bits)
    }

    @Sendable private static func seeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let subject = try CertificateSubject(
            commonName: "chat",
            alternativeNames: ["dns:chat.example", "ip:192.0.2.1"]
        )
        return [
            try KeyFileTargets.encode("csr"), try KeyFileTargets.encode("csr-der"),
            try CertificateRequest.make(FuzzKeys.alice, subject: subject),
        ]
    }
}
