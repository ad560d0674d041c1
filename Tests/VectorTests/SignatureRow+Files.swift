import KeyFormats
import Signatures
import Testing
import Tokens

@testable import CryptoCore

/// The rows of files and tokens.
extension SignatureRow {
    private static let signatureByteCount = 256

    static func bare(_ key: RSAPrivateKey) throws -> SignatureRow {
        let body = Array("any bytes".utf8)
        let scheme = Scheme.chosen(.bare)
        return SignatureRow(
            name: "bare",
            scheme: scheme,
            context: [],
            body: body,
            signature: try scheme.sign(body, key)
        ) { scheme.isValid($0, over: body, key.publicKey) }
    }

    static func tokens(_ key: RSAPrivateKey) throws -> [SignatureRow] {
        let schemes: [JSONWebSignature.Algorithm: SignatureScheme] = [
            .ps256: .pss(.sha256), .ps512: .pss(.sha512), .rs256: .pkcs1(.sha256),
            .rs512: .pkcs1(.sha512),
        ]
        return try JSONWebSignature.Algorithm.allCases.map { algorithm in
            let token = try JSONWebSignature(
                signing: Array("{}".utf8),
                key: key,
                algorithm: algorithm
            )
            let parts = token.compact.split(separator: ".").map { Array($0.utf8) }
            let dot = UInt8(ascii: ".")
            return SignatureRow(
                name: "token \(algorithm.rawValue)",
                scheme: .chosen(try #require(schemes[algorithm])),
                context: parts[0] + [dot],
                body: parts[1],
                signature: try #require(Base64URL.decode(parts[2][...]))
            ) { other in
                let text = parts[0] + [dot] + parts[1] + [dot] + Array(Base64URL.encode(other).utf8)
                return (try? JSONWebSignature(compact: text))?.isSigned(by: key.publicKey) == true
            }
        }
    }

    /// SSHSIG as it is made, and with the other accepted hash (PROTOCOL.sshsig § 3).
    static func ssh(_ key: RSAPrivateKey) throws -> [SignatureRow] {
        let digest = try HashAlgorithm.sha512.digest(of: Array("file".utf8))
        let file = try SSHSignature(signing: digest, namespace: "file", key: key)
        let blob = try PEM.decode(
            Array(file.armored.utf8).borrowedBytes,
            label: "SSH SIGNATURE"
        ).publicBytes
        let other = try replacing("rsa-sha2-512", by: "rsa-sha2-256", in: blob)
        let body = field("file") + field("") + field("sha512") + field(digest)
        return [
            ssh("SSHSIG", blob, body, digest, .pkcs1(.sha512), Array(blob.suffix(256))),
            ssh(
                "SSHSIG with SHA-256",
                other,
                body,
                digest,
                .pkcs1(.sha256),
                try Scheme.chosen(.pkcs1(.sha256)).sign(Array("SSHSIG".utf8) + body, key)
            ),
        ]
    }

    private static func ssh(
        _ name: String,
        _ blob: [UInt8],
        _ body: [UInt8],
        _ digest: [UInt8],
        _ scheme: SignatureScheme,
        _ signature: [UInt8]
    ) -> SignatureRow {
        SignatureRow(
            name: name,
            scheme: .chosen(scheme),
            context: Array("SSHSIG".utf8),
            body: body,
            signature: signature
        ) { other in
            let changed = Array(blob.dropLast(signatureByteCount)) + other
            let text = PEM.encode(changed, label: "SSH SIGNATURE")
            let file = try? SSHSignature(armored: Array(text.utf8))
            return file?.isValid(digest: digest, namespace: "file") == true
        }
    }

    private static func field(_ text: String) -> [UInt8] { field(Array(text.utf8)) }

    private static func field(_ bytes: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(bytes.count)] + bytes
    }

    private static func replacing(
        _ old: String,
        by new: String,
        in bytes: [UInt8]
    ) throws -> [UInt8] {
        let place = try #require(bytes.firstRange(of: Array(old.utf8)))
        return Array(bytes[..<place.lowerBound]) + Array(new.utf8)
            + Array(bytes[place.upperBound...])
    }
}
