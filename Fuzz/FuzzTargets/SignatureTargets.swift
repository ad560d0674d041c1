internal import CryptoCore

@testable import KeyFormats
@testable import Signatures
@testable import Tokens

/// Targets for SSH signatures, JSON Web Signatures and Fernet tokens.
enum SignatureTargets {
    static let all = [ssh, token, fernet, json]

    private static let ssh = FuzzTarget("ssh-signature", seeds: sshSeeds) { bytes in
        let signature = try SSHSignature(armored: bytes)
        let again = try FuzzFault.need("a signature that was written cannot be read") {
            try SSHSignature(armored: Array(signature.armored.utf8))
        }
        try FuzzFault.require(again.digest == signature.digest, "it reads back as another")
        let digest = try signature.messageHash.digest(of: message)
        _ = signature.isValid(digest: digest, namespace: signature.namespace)
        return Array(signature.armored.utf8)
    }

    private static let token = FuzzTarget("json-web-signature", seeds: tokenSeeds) { bytes in
        let token = try JSONWebSignature(compact: bytes)
        try FuzzFault.require(Array(token.compact.utf8) == bytes, "a token reads back as another")
        _ = token.isSigned(by: FuzzKeys.alice.publicKey)
        let times = try TokenTimes(payload: token.payload)
        _ = try? times.require(now: FuzzWorld.start.seconds, clockSkew: FernetKey.clockSkew)
        return Array((token.keyID ?? "").utf8) + token.payload
    }

    /// A token, or its content: the authentication tag is computed here.
    private static let fernet = FuzzTarget("fernet", seeds: fernetSeeds) { bytes in
        let (keyText, rawKey) = (keyText, rawKey)
        let key = try FernetKey(text: keyText.borrowedBytes)
        let now = FuzzWorld.start.seconds
        if let opened = try? key.open(bytes.borrowedBytes, lifetime: nil, now: now) {
            return opened.publicBytes
        }
        let tag = try HMACSHA256.tag(
            of: bytes.borrowedBytes,
            key: rawKey.borrowedBytes.extracting(first: rawKey.count / 2)
        )
        let token = Base64URL.encode(bytes + tag)
        let padding = String(repeating: "=", count: (4 - token.utf8.count % 4) % 4)
        let opened = try key.open(
            Array((token + padding).utf8).borrowedBytes,
            lifetime: 3_600,
            now: now
        )
        return opened.publicBytes
    }

    /// JSON, as in tokens and keys.
    private static let json = FuzzTarget("json", seeds: jsonSeeds) { bytes in
        let text = try JSONText.parse(bytes.borrowedBytes)
        return describe(text, bytes)
    }

    private static let message = Array("a message".utf8)
    private static let rawKey = [UInt8](repeating: 0x6b, count: FernetKey.byteCount)
    private static let keyText = Array((Base64URL.encode(rawKey) + "=").utf8)

    private static func describe(_ text: JSONText, _ bytes: [UInt8]) -> [UInt8] {
        switch text {
        case .object(let members):
            [0x7b] + members.flatMap { Array($0.name.utf8) + describe($0.value, bytes) }
        case .array(let values): [0x5b] + values.flatMap { describe($0, bytes) }
        case .plainString, .escapedString:
            Array((text.string(in: bytes.borrowedBytes) ?? "").utf8)
        case .number:
            Array(
                (String(describing: text.integer(in: bytes.borrowedBytes))
                    + String(describing: text.double(in: bytes.borrowedBytes))).utf8
            )
        case .bool(let value): [value ? 0x74 : 0x66]
        case .null: [0x6e]
        }
    }

    // MARK: Seeds

    @Sendable private static func sshSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let digest = try HashAlgorithm.sha512.digest(of: message)
        return try ["file", "git"].map { namespace in
            let signature = try SSHSignature(
                signing: digest,
                namespace: namespace,
                key: FuzzKeys.alice
            )
            return Array(signature.armored.utf8)
        }
    }

    @Sendable private static func tokenSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let payloads = ["{\"exp\":1900000000,\"nbf\":1.5e9,\"sub\":\"\\u00e9\"}", "text"]
        return try payloads.flatMap { payload in
            try JSONWebSignature.Algorithm.allCases.map { algorithm in
                let token = try JSONWebSignature(
                    signing: Array(payload.utf8),
                    key: FuzzKeys.alice,
                    algorithm: algorithm
                )
                return Array(token.compact.utf8)
            }
        }
    }

    @Sendable private static func fernetSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let (keyText, message) = (keyText, message)
        let key = try FernetKey(text: keyText.borrowedBytes)
        let token = try key.seal(message.borrowedBytes, time: FuzzWorld.start.seconds)
        guard let content = Base64URL.decode(token.utf8.filter { $0 != UInt8(ascii: "=") }) else {
            return []
        }
        return [Array(token.utf8), content.dropLast(HMACSHA256.byteCount)]
    }

    @Sendable private static func jsonSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        [
            "{\"a\":[1,-2.5e3,true,false,null,\"x\"],\"b\":{\"c\":\"\\u00e9\\ud83d\\ude00\\n\"}}",
            "[9223372036854775807,-9223372036854775808,1e999,0.1]", "\"\u{e9}\"",
            "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
        ].map { Array($0.utf8) }
    }
}
