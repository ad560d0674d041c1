import KeyFormats
import Signatures
import TestSupport
import Testing
import Tokens

@testable import CryptoCore

/// The table of docs/signatures.md, pair by pair: what one row signs counts in no other.
struct SignatureSeparationTests {
    /// What a row of the table signed.
    private struct Made {
        let signed: [UInt8]
        let signature: [UInt8]
    }

    /// One row: how its signatures are made, and what its verifier takes.
    private struct Row {
        let name: String
        let made: Made
        let accepts: (Made) -> Bool
    }

    private let key: RSAPrivateKey
    private let rows: [Row]

    init() throws {
        let key = try RSAPrivateKey.generate(bitCount: 2048)
        self.key = key
        rows =
            try SignatureSeparationTests.tokens(key) + [
                SignatureSeparationTests.bare(key), SignatureSeparationTests.ssh(key),
                SignatureSeparationTests.request(key), SignatureSeparationTests.session(key),
            ] + SignatureSeparationTests.statements(key)
    }

    @Test func `each row takes its own signature and no other row's`() {
        var pairs = 0
        for verifier in rows {
            for maker in rows {
                let isTaken = verifier.accepts(maker.made)
                #expect(
                    isTaken == (verifier.name == maker.name),
                    "\(maker.name) → \(verifier.name)"
                )
                pairs += 1
            }
        }
        #expect(pairs >= 144)
        print("signature rows, pair by pair: \(pairs)")
    }

    @Test func `a bare signature over what any row signs is no signature of that row`() throws {
        for row in rows where row.name != "bare" {
            let digest = try SignatureScheme.bare.hash.digest(of: row.made.signed)
            let signature = try key.signature(ofDigest: digest, scheme: .bare)
            let forged = Made(signed: row.made.signed, signature: signature)
            #expect(!row.accepts(forged), "\(row.name)")
        }
    }

    // MARK: Rows

    private static func bare(_ key: RSAPrivateKey) throws -> Row {
        let signed = Array("any bytes".utf8)
        let digest = try SignatureScheme.bare.hash.digest(of: signed)
        let signature = try key.signature(ofDigest: digest, scheme: .bare)
        return Row(name: "bare", made: Made(signed: signed, signature: signature)) { made in
            isValid(made, key, .bare)
        }
    }

    private static func tokens(_ key: RSAPrivateKey) throws -> [Row] {
        try JSONWebSignature.Algorithm.allCases.map { algorithm in
            let token = try JSONWebSignature(
                signing: Array("{}".utf8),
                key: key,
                algorithm: algorithm
            )
            let parts = token.compact.split(separator: ".")
            let made = Made(
                signed: Array(parts[0...1].joined(separator: ".").utf8),
                signature: try #require(Base64URL.decode(Array(parts[2].utf8)[...]))
            )
            return Row(name: "token \(algorithm.rawValue)", made: made) { made in
                let ending = Array(".\(Base64URL.encode(made.signature))".utf8)
                let token = try? JSONWebSignature(compact: made.signed + ending)
                return token?.algorithm == algorithm && token?.isSigned(by: key.publicKey) == true
            }
        }
    }

    /// SSHSIG with either scheme that is accepted (PROTOCOL.sshsig § 3).
    private static func ssh(_ key: RSAPrivateKey) throws -> Row {
        func field(_ bytes: [UInt8]) -> [UInt8] {
            [0, 0, 0, UInt8(bytes.count)] + bytes
        }
        let digest = try HashAlgorithm.sha512.digest(of: Array("file".utf8))
        let file = try SSHSignature(signing: digest, namespace: "file", key: key)
        let blob = try PEM.decode(
            Array(file.armored.utf8).borrowedBytes,
            label: "SSH SIGNATURE"
        ).publicBytes
        let signed =
            Array("SSHSIG".utf8) + field(Array("file".utf8)) + field([])
            + field(Array("sha512".utf8)) + field(digest)
        let made = Made(signed: signed, signature: Array(blob.suffix(256)))
        return Row(name: "SSHSIG", made: made) { made in
            made.signed.starts(with: Array("SSHSIG".utf8) + [0])
                && (isValid(made, key, .pkcs1(.sha512)) || isValid(made, key, .pkcs1(.sha256)))
        }
    }

    private static func request(_ key: RSAPrivateKey) throws -> Row {
        let der = try CertificateRequest.make(
            key,
            subject: CertificateSubject(commonName: "alice", alternativeNames: [])
        )
        let (made, algorithm) = try taken(apart: der)
        return Row(name: "request", made: made) { made in
            (try? CertificateRequest.subjectPublicKeyDER(of: joined(made, algorithm))) != nil
        }
    }

    private static func session(_ key: RSAPrivateKey) throws -> Row {
        let certificate = try X509Certificate.issue(
            CertificateContent(
                commonName: "alice",
                notBefore: 0,
                notAfter: 86_400,
                use: .client,
                extensions: []
            ),
            subject: P256PrivateKey(),
            issuer: key
        )
        let (made, algorithm) = try taken(apart: certificate.derRepresentation)
        return Row(name: "session certificate", made: made) { made in
            let der = joined(made, algorithm)
            return (try? X509Certificate(der: der))?.isSigned(by: key.publicKey) == true
        }
    }

    private static func statements(_ key: RSAPrivateKey) throws -> [Row] {
        let contexts = [
            "keyctl rotate statement v1\n", "keyctl renew statement v1\n",
            "keyctl retire statement v1\n", "keyctl revoke statement v1\n",
            "keyctl sign statement v1\n", "keyctl checkpoint v1\n",
        ]
        return try contexts.map { context in
            let signed = Array("\(context)fields".utf8)
            let made = Made(signed: signed, signature: try key.signature(over: signed))
            return Row(name: context, made: made) { made in
                made.signed.starts(with: Array(context.utf8))
                    && key.publicKey.isValidSignature(made.signature, over: made.signed)
            }
        }
    }

    private static func isValid(
        _ made: Made,
        _ key: RSAPrivateKey,
        _ scheme: SignatureScheme
    ) -> Bool {
        guard let digest = try? scheme.hash.digest(of: made.signed) else { return false }
        return key.publicKey.isValidSignature(made.signature, ofDigest: digest, scheme: scheme)
    }

    // MARK: DER

    /// What a certificate or request signs, its signature, and the algorithm between them.
    private static func taken(apart der: [UInt8]) throws -> (Made, algorithm: [UInt8]) {
        let parts = elements(of: element(der[...]).content)
        try #require(parts.count == 3)
        let signature = Array(element(parts[2]).content.dropFirst())
        return (Made(signed: Array(parts[0]), signature: signature), Array(parts[1]))
    }

    private static func joined(_ made: Made, _ algorithm: [UInt8]) -> [UInt8] {
        let bits = DER.head(0x03, count: made.signature.count + 1) + [0] + made.signature
        return DER.sequence(made.signed + algorithm + bits)
    }

    private static func elements(of content: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var rest = content
        var parts: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let next = element(rest)
            parts.append(rest[..<next.content.endIndex])
            rest = rest[next.content.endIndex...]
        }
        return parts
    }

    private static func element(
        _ der: ArraySlice<UInt8>
    ) -> (tag: UInt8, content: ArraySlice<UInt8>) {
        let first = Int(der[der.startIndex + 1])
        let digits = first < 0x80 ? 0 : first & 0x7f
        let start = der.startIndex + 2 + digits
        let count =
            digits == 0 ? first : der[(start - digits)..<start].reduce(0) { $0 << 8 | Int($1) }
        return (der[der.startIndex], der[start..<(start + count)])
    }
}
