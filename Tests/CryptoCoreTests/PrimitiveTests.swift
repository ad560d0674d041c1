import CryptoCore
import Failures
import KeyOperations
import TestSupport
import Testing

struct PrimitiveTests {
    @Test func `SHA-256 of abc is that of FIPS 180-4`() {
        #expect(
            SHA256Digest(hashing: Array("abc".utf8)).description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func `HKDF gives the first test case of RFC 5869`() throws {
        let secret = SecretBytes(copying: [UInt8](repeating: 0x0b, count: 22).borrowedBytes)
        let derived = try HKDF.derive(
            from: secret.bytes,
            salt: Array(0...12),
            info: Array(0xf0...0xf9),
            count: 42
        )
        #expect(
            Hexadecimal.encode(derived.publicBytes)
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                + "34007208d5b887185865"
        )
    }

    @Test func `AES-GCM refuses each flipped bit of ciphertext, tag, nonce and header`() throws {
        let key = try SecretBytes.random(count: 32)
        let nonce = try SecureRandom.bytes(count: 12)
        let text = Array("attack at dawn".utf8)
        let header = Array("header".utf8)
        let sealed = try AESGCM.seal(
            text.borrowedBytes,
            key: key.bytes,
            nonce: nonce,
            authenticating: header
        )
        let opened = try AESGCM.open(
            sealed,
            key: key.bytes,
            nonce: nonce,
            authenticating: header
        )
        #expect(opened.publicBytes == text)
        func refuses(_ sealed: [UInt8], _ nonce: [UInt8], _ header: [UInt8]) -> Bool {
            do {
                _ = try AESGCM.open(
                    sealed,
                    key: key.bytes,
                    nonce: nonce,
                    authenticating: header
                )
                return false
            } catch {
                return error.code == .authenticationFailed
            }
        }
        func flips(_ bytes: [UInt8]) -> [[UInt8]] {
            (0..<bytes.count * 8).map { bit in
                var changed = bytes
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                return changed
            }
        }
        for changed in flips(sealed) { #expect(refuses(changed, nonce, header)) }
        for changed in flips(nonce) { #expect(refuses(sealed, changed, header)) }
        for changed in flips(header) { #expect(refuses(sealed, nonce, changed)) }
        for count in 0..<sealed.count {
            #expect(refuses(Array(sealed.prefix(count)), nonce, header))
        }
    }

    @Test func `a PSS signature is bound to key, message and every bit of itself`() throws {
        let key = TestKeys.all[0]
        let message = Array("a statement".utf8)
        let signature = try key.signature(over: message)
        #expect(key.publicKey.isValidSignature(signature, over: message))
        #expect(!TestKeys.all[1].publicKey.isValidSignature(signature, over: message))
        #expect(!key.publicKey.isValidSignature(signature, over: message + [0]))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.publicKey.isValidSignature(changed, over: message))
        }
        #expect(!key.publicKey.isValidSignature([], over: message))
    }

    @Test func `OAEP opens under its own label and key alone`() throws {
        let key = TestKeys.all[0]
        let secret = try SecretBytes.random(count: 32)
        let sealed = try key.publicKey.encrypt(secret.bytes, label: [1])
        #expect(try key.decrypt(sealed, label: [1]).publicBytes == secret.publicBytes)
        #expect(throws: CryptoError.self) { _ = try key.decrypt(sealed, label: [2]) }
        #expect(throws: CryptoError.self) { _ = try TestKeys.all[1].decrypt(sealed, label: [1]) }
    }

    @Test func `an encrypted private key opens with its passphrase alone`() throws {
        let passphrase = Array("correct".utf8)
        let der = try EncryptedPrivateKey.seal(
            TestKeys.all[0],
            passphrase: passphrase.borrowedBytes
        )
        let opened = try EncryptedPrivateKey(der: der).open(passphrase: passphrase.borrowedBytes)
        #expect(opened.publicKey.modulus == TestKeys.all[0].publicKey.modulus)
        let wrong = Array("wrong".utf8)
        #expect(throws: CryptoError.self) {
            _ = try EncryptedPrivateKey(der: der).open(passphrase: wrong.borrowedBytes)
        }
        #expect(throws: CryptoError.self) {
            _ = try EncryptedPrivateKey(der: der + [0])
        }
    }

    @Test func `a hostile Argon2 header neither traps nor counts as readable`() {
        for (memory, passes, lanes) in [
            (UInt32.max, UInt32.max, UInt32.max), (8, 1, .max), (0, 0, 0), (1 << 21, 1, 1),
            (1 << 20, 5, 4), (19 << 10, 2, 0),
        ] {
            let parameters = Argon2id.Parameters(
                memoryKiB: memory,
                passes: passes,
                lanes: lanes
            )
            #expect(!parameters.isReadable)
            #expect(!parameters.isWritable)
        }
        #expect(Argon2id.Parameters.standard.isWritable)
        #expect(Argon2id.Parameters.floor.isWritable)
    }

    @Test func `base64 has one spelling`() {
        for bytes in [[], [0], [0, 1], [0, 1, 2], [255, 254, 253, 252]] as [[UInt8]] {
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes, padded: false), padded: false) == bytes)
        }
        for text in ["AB==", "A", "A===", "AA=A", "AAA", "AA==\n", " AA==", "AA-_", "===="] {
            #expect(Base64.decode(text) == nil, "\(text)")
        }
        #expect(Base64.decode("AA==", padded: false) == nil)
    }

    @Test func `a certificate that is no session's is told by its parts`() throws {
        let subject = try P256PrivateKey()
        let content = CertificateContent(
            commonName: "x",
            notBefore: 1_000,
            notAfter: 2_000,
            use: .client,
            extensions: [(identifier: "2.25.1", content: [1, 2, 3])]
        )
        let issued = try X509Certificate.issue(content, subject: subject, issuer: TestKeys.all[0])
        #expect(issued.isSigned(by: TestKeys.all[0].publicKey))
        #expect(!issued.isSigned(by: TestKeys.all[1].publicKey))
        #expect(issued.hasOnlyUse(.client) && !issued.hasOnlyUse(.server))
        #expect(!issued.isCertificateAuthority)
        #expect(issued.validitySeconds == 1_000)
        #expect(issued.isValid(at: 1_500, tolerance: 0))
        #expect(!issued.isValid(at: 2_301, tolerance: 300))
        #expect(issued.isValid(at: 2_299, tolerance: 300))
        #expect(!issued.isValid(at: 699, tolerance: 300))
        #expect(issued.extensionContent("2.25.1") == [1, 2, 3])
        #expect(issued.extensionContent("2.25.2") == nil)
        #expect(throws: CryptoError.self) {
            _ = try X509Certificate(der: issued.derRepresentation + [0])
        }
    }
}
