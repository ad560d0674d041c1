import CryptoCore
import Failures
import Foundation
import KeyFormats
import Testing
import Tokens

@Suite(.enabled(if: VectorFolder.isThereOrRequired))
struct WycheproofTests {
    typealias Fields = WycheproofFile.Fields

    /// What a case expects, and what our code did.
    enum Outcome: Equatable {
        case accepted
        case rejected
        case notOffered(String)
    }

    @Test func `every case that applies is answered as it should be`() throws {
        var total = 0
        for path in try VectorFolder.files("wycheproof", where: { $0.hasSuffix(".json") }) {
            let file = try WycheproofFile(path)
            var tally = Tally(name: file.name)
            for group in file.groups {
                let run = try runner(group, file.algorithm)
                for test in try #require(group["tests"] as? [Fields]) {
                    let outcome = try run(test)
                    let id = try test.number("tcId")
                    if case .notOffered(let what) = outcome {
                        tally.notOffered[what, default: 0] += 1
                        continue
                    }
                    tally.ran += 1
                    let comment = try test.text("comment")
                    switch try test.text("result") {
                    case "valid": #expect(outcome == .accepted, "\(file.name) \(id): \(comment)")
                    case "invalid": #expect(outcome == .rejected, "\(file.name) \(id): \(comment)")
                    case "acceptable":
                        tally.acceptable.append(
                            "\(id) (\(comment)) \(outcome == .accepted ? "accepted" : "rejected")"
                        )
                    default: Issue.record("\(file.name) \(id): an unknown result")
                    }
                }
            }
            #expect(tally.total == file.count, "\(file.name): not every case was looked at")
            #expect(tally.ran > 0, "\(file.name): no case ran")
            tally.report()
            total += tally.total
        }
        print("vectors: wycheproof: \(total) cases")
    }

    private func runner(
        _ group: Fields,
        _ algorithm: String
    ) throws
        -> (Fields) throws -> Outcome
    {
        switch try group.text("type") {
        case "AeadTest": return try aead(group, algorithm)
        case "EcdsaVerify": return try ecdsa(group)
        case "HkdfTest": return hkdf
        case "MacTest": return mac(try group.number("tagSize"))
        case "JsonWebKey": return try webKey(group)
        case "PbeTest": return passwordEncryption
        case "PrimalityTest": return primality
        case "RsaesOaepDecrypt": return try oaep(group)
        case "RsassaPkcs1Generate": return try generation(group)
        case "RsassaPssVerify": return try verification(group, scheme: pss(group))
        case "RsassaPkcs1Verify": return try verification(group, scheme: pkcs1(group))
        case let type:
            Issue.record("unknown kind \(type)")
            return { _ in .rejected }
        }
    }

    // MARK: Symmetric

    private func aead(_ group: Fields, _ algorithm: String) throws -> (Fields) throws -> Outcome {
        let (keySize, nonceSize) = (try group.number("keySize"), try group.number("ivSize"))
        switch (algorithm, keySize, nonceSize) {
        case ("AES-GCM", 256, 96): return { try aead($0, isGCM: true) }
        case ("CHACHA20-POLY1305", 256, _): return { try aead($0, isGCM: false) }
        default:
            return { _ in
                .notOffered(
                    "\(algorithm) with a key of \(keySize) and a nonce of \(nonceSize) bits"
                )
            }
        }
    }

    private func aead(_ test: Fields, isGCM: Bool) throws -> Outcome {
        let (key, nonce) = (try test.hex("key"), try test.hex("iv"))
        let (header, message) = (try test.hex("aad"), try test.hex("msg"))
        let sealed = try test.hex("ct") + test.hex("tag")
        do {
            let opened = try open(sealed, key, nonce, header, isGCM: isGCM)
            let back = try seal(message, key, nonce, header, isGCM: isGCM)
            return opened == message && back == sealed ? .accepted : .rejected
        } catch is CryptoError { return .rejected }
    }

    private func open(
        _ sealed: [UInt8],
        _ key: [UInt8],
        _ nonce: [UInt8],
        _ header: [UInt8],
        isGCM: Bool
    ) throws -> [UInt8] {
        guard isGCM else {
            let opened = try ChaChaPoly.open(
                sealed,
                key: key.borrowedBytes,
                nonce: nonce,
                authenticating: header
            )
            return opened.publicBytes
        }
        let opened = try AESGCM.open(
            sealed,
            key: key.borrowedBytes,
            nonce: nonce,
            authenticating: header
        )
        return opened.publicBytes
    }

    private func seal(
        _ message: [UInt8],
        _ key: [UInt8],
        _ nonce: [UInt8],
        _ header: [UInt8],
        isGCM: Bool
    ) throws -> [UInt8] {
        guard isGCM else {
            return try ChaChaPoly.seal(
                message.borrowedBytes,
                key: key.borrowedBytes,
                nonce: nonce,
                authenticating: header
            )
        }
        return try AESGCM.seal(
            message.borrowedBytes,
            key: key.borrowedBytes,
            nonce: nonce,
            authenticating: header
        )
    }

    private func hkdf(_ test: Fields) throws -> Outcome {
        let input = try test.hex("ikm")
        let size = try test.number("size")
        do {
            let output = try HKDF.derive(
                from: input.borrowedBytes,
                salt: test.hex("salt"),
                info: test.hex("info"),
                count: size
            )
            return try output.publicBytes == test.hex("okm") ? .accepted : .rejected
        } catch is CryptoError { return .rejected }
    }

    private func mac(_ tagSize: Int) -> (Fields) throws -> Outcome {
        { test in
            let (key, message, tag) = (
                try test.hex("key"), try test.hex("msg"), try test.hex("tag")
            )
            guard tag.count * 8 == tagSize else { return .rejected }
            let isValid = HMACSHA256.isValid(
                tag,
                of: message.borrowedBytes,
                key: key.borrowedBytes
            )
            return isValid ? .accepted : .rejected
        }
    }

    private func passwordEncryption(_ test: Fields) throws -> Outcome {
        let password = try test.hex("password")
        let algorithm = PBES2(
            derivation: .pbkdf2(
                .hmacSHA256,
                iterationCount: UInt64(try test.number("iterationCount"))
            ),
            salt: try test.hex("salt"),
            cipher: .aes256CBC,
            vector: try test.hex("iv")
        )
        let (message, sealed) = (try test.hex("msg"), try test.hex("ct"))
        let opened = try algorithm.open(sealed.borrowedBytes, passphrase: password.borrowedBytes)
        let back = try algorithm.seal(message.borrowedBytes, passphrase: password.borrowedBytes)
        return opened.publicBytes == message && back == sealed ? .accepted : .rejected
    }

    private func primality(_ test: Fields) throws -> Outcome {
        let value = try test.hex("value")
        guard value.first.map({ $0 < 0x80 }) ?? true else { return .notOffered("negative numbers") }
        return Primality.isProbablePrime(value) ? .accepted : .rejected
    }

    // MARK: Public keys

    private func ecdsa(_ group: Fields) throws -> (Fields) throws -> Outcome {
        let sha = try group.text("sha")
        guard sha == "SHA-256", let key = try? P256PublicKey(spkiDER: group.hex("publicKeyDer"))
        else { return { _ in .notOffered("ECDSA on another curve or with \(sha)") } }
        return { test in
            try key.isValidSignature(test.hex("sig"), over: test.hex("msg")) ? .accepted : .rejected
        }
    }

    private func oaep(_ group: Fields) throws -> (Fields) throws -> Outcome {
        let (sha, mgf) = (try group.text("sha"), try group.text("mgfSha"))
        guard sha == "SHA-256", mgf == "SHA-256" else {
            return { _ in .notOffered("OAEP with \(sha) and MGF1 with \(mgf)") }
        }
        let der = try group.hex("privateKeyPkcs8")
        let key = try RSAPrivateKey(der: der.borrowedBytes)
        return { test in
            do {
                let opened = try key.decrypt(test.hex("ct"), label: test.hex("label"))
                return try opened.publicBytes == test.hex("msg") ? .accepted : .rejected
            } catch is CryptoError { return .rejected }
        }
    }

    private func generation(_ group: Fields) throws -> (Fields) throws -> Outcome {
        let sha = try group.text("sha")
        guard let hash = hashes[sha] else { return { _ in .notOffered("PKCS#1 v1.5 with \(sha)") } }
        let der = try group.hex("privateKeyPkcs8")
        let key = try RSAPrivateKey(der: der.borrowedBytes)
        return { test in
            let digest = try hash.digest(of: test.hex("msg"))
            let signature = try key.signature(ofDigest: digest, scheme: .pkcs1(hash))
            return try signature == test.hex("sig") ? .accepted : .rejected
        }
    }

    private var hashes: [String: HashAlgorithm] { ["SHA-256": .sha256, "SHA-512": .sha512] }

    private func pss(_ group: Fields) throws -> SignatureScheme? {
        let (sha, mgf) = (try group.text("sha"), try group.text("mgfSha"))
        guard let hash = hashes[sha], mgf == sha, try group.number("sLen") == hash.byteCount
        else { return nil }
        return .pss(hash)
    }

    private func pkcs1(_ group: Fields) throws -> SignatureScheme? {
        hashes[try group.text("sha")].map { .pkcs1($0) }
    }

    private func verification(
        _ group: Fields,
        scheme: SignatureScheme?
    ) throws -> (Fields) throws -> Outcome {
        let sha = try group.text("sha")
        guard let scheme else { return { _ in .notOffered("signatures with \(sha)") } }
        let key = try RSAPublicKey(spkiDER: group.hex("publicKeyDer"))
        return { test in
            let isValid = key.isValidSignature(
                try test.hex("sig"),
                ofDigest: try scheme.hash.digest(of: test.hex("msg")),
                scheme: scheme
            )
            return isValid ? .accepted : .rejected
        }
    }

    private func webKey(_ group: Fields) throws -> (Fields) throws -> Outcome {
        guard let json = group["public"] else { return { _ in .notOffered("HMAC tokens") } }
        let text = [UInt8](try JSONSerialization.data(withJSONObject: json))
        return { test in
            let token = [UInt8](try test.text("jws").utf8)
            do {
                let signature = try JSONWebSignature(compact: token)
                for entry in try KeyFormats.decode(text.borrowedBytes).entries {
                    guard case .publicKey(let key) = entry.material,
                        try RSAWeakness.all(in: key.rsa).isEmpty
                    else { continue }
                    if signature.isSigned(by: key.rsa) { return .accepted }
                }
                return .rejected
            } catch let error as TokenError where error.message.contains("ES") {
                return .notOffered("ECDSA tokens")
            } catch is any ReportableError { return .rejected }
        }
    }
}
