import AgeFiles
import CryptoCore
import KeyFormats
import KeyOperations
import Registry
import Signatures
import TestSupport
import Testing
import Tokens

/// Everything that an identity signs and decrypts, done by a key that only acts.
struct OperationKeyTests {
    private let key = OperationKey(TestKeys.all[0])
    private let time = Timestamp(seconds: 1_800_000_000)

    private func publicKey() throws -> PublicKey { try PublicKey(key.publicKey) }

    @Test func `a key that only acts makes statements and checkpoints`() throws {
        let id = try publicKey().identityID
        let statement = try Revocation.statement(
            id: id,
            version: 1,
            key: key,
            since: nil,
            reason: "lost",
            time: time
        )
        guard case .revoke(let revocation) = statement.act else {
            Issue.record("the statement is no revocation")
            return
        }
        #expect(try revocation.isSigned(by: publicKey(), at: time))
        let rotated = try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: key,
            new: OperationKey(TestKeys.all[1]),
            expires: nil,
            time: time
        )
        guard case .rotate(let rotation) = rotated.act else {
            Issue.record("the statement is no rotation")
            return
        }
        #expect(rotation.isSigned(at: time))
        let note = try Checkpoint(owner: id, tree: MerkleTree()).note(signedBy: key)
        #expect(try Checkpoint(note: note, owner: id, key: publicKey()).count == 0)
    }

    @Test func `a key that only acts signs files and tokens`() throws {
        let digest = try HashAlgorithm.sha512.digest(of: [1, 2, 3])
        let file = try SSHSignature(signing: digest, namespace: "file", key: key)
        #expect(file.isValid(digest: digest, namespace: "file"))
        for algorithm in JSONWebSignature.Algorithm.allCases {
            let token = try JSONWebSignature(signing: [1], key: key, algorithm: algorithm)
            #expect(token.isSigned(by: key.publicKey))
        }
    }

    @Test func `a key that only acts opens files`() throws {
        let fileKey = try SecretBytes.random(count: 16)
        let stanza = try AgeSSHRSA.Recipient(publicKey(), name: "alice").wrap(fileKey.bytes)
        let opened = try AgeSSHRSA.Identity(key, name: "alice").unwrap(stanza)
        #expect(opened?.publicBytes == fileKey.publicBytes)
    }

    @Test func `a key that only acts certifies`() throws {
        let subject = try CertificateSubject(
            commonName: "chat",
            alternativeNames: ["dns:chat.example"]
        )
        let request = try CertificateRequest.make(key, subject: subject)
        #expect(
            try CertificateRequest.subjectPublicKeyDER(of: request) == publicKey().spkiDER
        )
        let own = try X509Certificate.selfSigned(
            key,
            subject: subject,
            notBefore: 1_000,
            notAfter: 2_000
        )
        #expect(try own.subjectPublicKeyDER() == publicKey().spkiDER)
        #expect(own.validitySeconds == 1_000)
        let content = CertificateContent(
            commonName: "session",
            notBefore: 1_000,
            notAfter: 2_000,
            use: .client,
            extensions: []
        )
        let session = try X509Certificate.issue(
            content,
            subject: P256PrivateKey(),
            issuer: key
        )
        #expect(session.isSigned(by: key.publicKey))
    }

    @Test func `a certificate and a request are written from a public key and a signer`() throws {
        let entry = KeyEntry(.publicKey(try publicKey()), name: "alice")
        for id in ["certificate", "csr"] {
            let format = try #require(KeyFormats.named(id))
            let encoding = KeyEncoding(time: time, signer: key)
            let written = try format.encode([entry], encoding)
            let read = try format.decode(written.bytes)
            #expect(try read.first?.publicKey == publicKey())
            #expect(throws: KeyFormatError.self) {
                _ = try format.encode([entry], KeyEncoding(time: time))
            }
        }
    }
}
