import CryptoCore
import Failures
import Foundation
import KeyFormats
import Signatures
import Testing
import Tokens

@Suite(.enabled(if: VectorFolder.isThereOrRequired))
struct FernetVectorTests {
    typealias Fields = [String: Any]
    private static let fields: Set<String> = [
        "token", "now", "iv", "src", "secret", "ttl_sec", "desc",
    ]

    @Test func `tokens are made and opened as the specification says`() throws {
        var tally = Tally(name: "fernet")
        for path in try VectorFolder.files("fernet", where: { $0.hasSuffix(".json") }) {
            let data = try Data(contentsOf: URL(filePath: path))
            let cases = try #require(JSONSerialization.jsonObject(with: data) as? [Fields])
            for fields in cases {
                try #require(Set(fields.keys).isSubset(of: FernetVectorTests.fields))
                tally.ran += 1
                if fields["iv"] != nil { try generate(fields) } else { try open(fields) }
            }
        }
        #expect(tally.ran > 0)
        tally.report()
    }

    private func generate(_ fields: Fields) throws {
        let secret = Array(try fields.text("secret").utf8)
        let key = try FernetKey(text: secret.borrowedBytes)
        let message = Array(try fields.text("src").utf8)
        let vector = try #require(fields["iv"] as? [Int]).map(UInt8.init)
        let token = try key.seal(
            message.borrowedBytes,
            time: seconds(try fields.text("now")),
            vector: vector
        )
        #expect(try token == fields.text("token"))
    }

    private func open(_ fields: Fields) throws {
        let secret = Array(try fields.text("secret").utf8)
        let key = try FernetKey(text: secret.borrowedBytes)
        let token = Array(try fields.text("token").utf8)
        let now = try seconds(fields.text("now"))
        let lifetime = Int64(try fields.number("ttl_sec"))
        guard let description = fields["desc"] as? String else {
            let message = try key.open(token.borrowedBytes, lifetime: lifetime, now: now)
            #expect(try message.publicBytes == Array(fields.text("src").utf8))
            return
        }
        var isRefused = false
        do {
            _ = try key.open(token.borrowedBytes, lifetime: lifetime, now: now)
        } catch let error as TokenError {
            isRefused = error.code == .notVerified
        }
        #expect(isRefused, "\(description)")
    }

    private func seconds(_ text: String) throws -> Int64 {
        let date = try #require(ISO8601DateFormatter().date(from: text))
        return Int64(date.timeIntervalSince1970)
    }
}

@Suite(.enabled(if: VectorFolder.isThereOrRequired))
struct OpenSSHVectorTests {
    @Test func `keys, fingerprints and a signature of OpenSSH's own tests are read`() throws {
        var tally = Tally(name: "openssh")
        let files = try VectorFolder.files("openssh")
        func path(_ name: String) -> String? { files.first { $0.hasSuffix("/" + name) } }
        func bytes(_ name: String) throws -> [UInt8] {
            tally.ran += 1
            return try VectorFolder.bytes(try #require(path(name), "\(name) is missing"))
        }
        let password = Array(try bytes("pw").prefix { $0 != UInt8(ascii: "\n") })
        func key(_ name: String) throws -> RSAPrivateKey {
            let text = try bytes(name)
            let file = try KeyFormats.decode(text.borrowedBytes)
            switch try #require(file.entries.first).material {
            case .privateKey(let key): return key
            case .lockedPrivateKey(let locked):
                return try locked.open(passphrase: password.borrowedBytes)
            case .publicKey, .otherKind: throw CryptoError.malformed("test: no private key")
            }
        }
        for stem in ["rsa_1", "rsa_n"] {
            let (plain, sealed) = (try key(stem), try key(stem + "_pw"))
            #expect(plain.publicKey.modulus == sealed.publicKey.modulus, "\(stem)")
        }
        let rsa = try PublicKey(key("rsa_1").publicKey, allowingWeak: true)
        let line = try bytes("rsa_1.pub")
        #expect(try KeyFormats.decode(line.borrowedBytes).onlyPublicKey() == rsa)
        let numbers = try RSAComponents(of: try key("rsa_1"))
        for (name, number) in [
            ("n", numbers.modulus), ("p", numbers.firstPrime.publicBytes),
            ("q", numbers.secondPrime.publicBytes),
        ] {
            let text = String(decoding: try bytes("rsa_1.param.\(name)"), as: UTF8.self)
            let digits = text.filter { $0.isHexDigit }.lowercased()
            #expect(
                Hexadecimal.decode(digits).map { Array($0.drop { $0 == 0 }) } == number,
                "\(name)"
            )
        }
        let fingerprint = String(decoding: try bytes("rsa_1.fp"), as: UTF8.self)
        #expect(fingerprint.hasPrefix(rsa.fingerprint.description))
        let babble = String(decoding: try bytes("rsa_1.fp.bb"), as: UTF8.self)
        #expect(try babble.hasPrefix(rsa.bubbleBabbleFingerprint()))
        tally.report()
    }

    @Test func `the signature verifies, and not for another namespace or message`() throws {
        func bytes(_ name: String) throws -> [UInt8] {
            let path = try #require(
                try VectorFolder.files("openssh").first { $0.hasSuffix("/" + name) }
            )
            return try VectorFolder.bytes(path)
        }
        let signature = try SSHSignature(armored: bytes("sshsig-rsa.sig"))
        let namespace = String(decoding: try bytes("sshsig-namespace"), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let message = try bytes("sshsig-signed-data")
        let digest = try signature.messageHash.digest(of: message)
        #expect(signature.isValid(digest: digest, namespace: namespace))
        #expect(!signature.isValid(digest: digest, namespace: "other"))
        let other = try signature.messageHash.digest(of: message + [0])
        #expect(!signature.isValid(digest: other, namespace: namespace))
        let line = try bytes("sshsig-rsa.pub")
        #expect(try KeyFormats.decode(line.borrowedBytes).onlyPublicKey() == signature.publicKey)
        // The private key of the vector made the signature.
        let text = try bytes("sshsig-rsa")
        guard
            case .privateKey(let key)? = try KeyFormats.decode(text.borrowedBytes).entries.first?
                .material
        else {
            Issue.record("the signer's key is not read")
            return
        }
        let again = try SSHSignature(signing: digest, namespace: namespace, key: key)
        #expect(again.armored == String(decoding: try bytes("sshsig-rsa.sig"), as: UTF8.self))
    }
}

@Suite(.enabled(if: VectorFolder.isThereOrRequired))
struct Argon2VectorTests {
    @Test func `every known answer comes out`() throws {
        var tally = Tally(name: "argon2")
        for path in try VectorFolder.files("argon2", where: { $0.hasSuffix(".kat") }) {
            let text = try VectorFolder.text(path)
            let fields = try AnswerFile(text)
            let tag = try Argon2id.knownAnswer(
                password: fields.bytes("Password"),
                salt: fields.bytes("Salt"),
                secret: fields.bytes("Secret"),
                associated: fields.bytes("Associated data"),
                parameters: fields.parameters,
                tagByteCount: fields.bytes("Tag").count
            )
            #expect(try tag == fields.bytes("Tag"))
            tally.ran += 1
        }
        #expect(tally.ran > 0)
        tally.report()
    }

    /// The relevant lines: `Name[count]: bytes`, and the parameters in one line.
    struct AnswerFile {
        let lines: [Substring]

        init(_ text: String) throws {
            lines = text.split(separator: "\n")
            try #require(lines.contains { $0.hasPrefix("Argon2id version number 19") })
        }

        func bytes(_ name: String) throws -> [UInt8] {
            let line = try #require(
                lines.first { $0.hasPrefix(name + "[") || $0.hasPrefix(name + ":") },
                "\(name)"
            )
            let colon = try #require(line.firstIndex(of: ":"))
            return try line[line.index(after: colon)...].split(separator: " ").map {
                try #require(UInt8($0, radix: 16))
            }
        }

        var parameters: Argon2id.Parameters {
            get throws {
                let line = try #require(lines.first { $0.hasPrefix("Memory:") })
                let numbers = line.split { !$0.isNumber }.compactMap { UInt32($0) }
                try #require(numbers.count == 4)
                return Argon2id.Parameters(
                    memoryKiB: numbers[0],
                    passes: numbers[1],
                    lanes: numbers[2]
                )
            }
        }
    }
}
