import KeyFormats
import Testing

@testable import CryptoCore
@testable import Registry

/// The rows of the registry: each kind of statement, and the checkpoint.
extension SignatureRow {
    private static let time = Timestamp(seconds: 1_800_000_000)
    private static let digest = SHA256Digest(hashing: Array("something".utf8))

    static func statements(_ key: RSAPrivateKey, next: RSAPrivateKey) throws -> [SignatureRow] {
        let publicKey = try PublicKey(key.publicKey)
        let id = publicKey.identityID
        let renewal = try Amendment.statement(
            .renew(expires: nil),
            id: id,
            version: 1,
            previous: digest,
            key: key,
            time: time
        )
        let end = try Amendment.statement(
            .retire,
            id: id,
            version: 1,
            previous: digest,
            key: key,
            time: time
        )
        let revocation = try Revocation.statement(
            id: id,
            version: 1,
            key: key,
            since: nil,
            reason: "lost",
            time: time
        )
        let logged = try LoggedSignature.statement(
            id: id,
            version: 1,
            digest: digest,
            key: key,
            time: time
        )
        let rotation = try Rotation.statement(
            id: id,
            from: 1,
            previous: digest,
            old: key,
            new: next,
            expires: nil,
            time: time
        )
        return [
            try row("rotate", rotation, publicKey, field: " old-signature="),
            try row("renew", renewal, publicKey), try row("retire", end, publicKey),
            try row("revoke", revocation, publicKey), try row("sign", logged, publicKey),
            try checkpoint(key, publicKey),
        ]
    }

    /// A line is its body and a field with the signature.
    private static func row(
        _ kind: String,
        _ statement: Statement,
        _ key: PublicKey,
        field: String = " signature="
    ) throws -> SignatureRow {
        let line = String(decoding: statement.line, as: UTF8.self)
        let place = try #require(line.firstRange(of: field))
        let body = line[..<place.lowerBound]
        let rest = line[place.upperBound...]
        let end = rest.firstIndex(of: " ") ?? rest.endIndex
        let signature = try #require(Base64.decode(rest[..<end]))
        return SignatureRow(
            name: kind,
            scheme: .own,
            context: Array("keyctl \(kind) statement v1\n".utf8),
            body: Array(body.utf8),
            signature: signature
        ) { other in
            let changed = "\(body)\(field)\(Base64.encode(other))\(rest[end...])"
            guard let statement = try? Statement(line: Array(changed.utf8)) else { return false }
            return isSigned(statement, by: key)
        }
    }

    private static func isSigned(_ statement: Statement, by key: PublicKey) -> Bool {
        switch statement.act {
        case .rotate(let rotation): rotation.isSigned(at: statement.time)
        case .amend(let amendment): amendment.isSigned(by: key, at: statement.time)
        case .revoke(let revocation): revocation.isSigned(by: key, at: statement.time)
        case .sign(let record): record.isSigned(by: key, at: statement.time)
        case .register, .replace, .remove, .assign, .disown, .verify, .unverify, .join, .leave:
            false
        }
    }

    /// A signed note: the text, an empty line, and "— OWNER BASE64".
    ///
    /// The first four bytes of the base64 name the key.
    private static func checkpoint(
        _ key: RSAPrivateKey,
        _ publicKey: PublicKey
    ) throws -> SignatureRow {
        let owner = publicKey.identityID
        let note = String(
            decoding: try Checkpoint(owner: owner, tree: MerkleTree()).note(signedBy: key),
            as: UTF8.self
        )
        let end = try #require(note.firstRange(of: "\n\n"))
        let text = note[..<end.lowerBound] + "\n"
        let encoded = try #require(note[end.upperBound...].split(separator: " ").last)
        let blob = try #require(Base64.decode(encoded.filter { $0 != "\n" }))
        return SignatureRow(
            name: "checkpoint",
            scheme: .own,
            context: Array("keyctl checkpoint v1\n".utf8),
            body: Array(text.utf8),
            signature: Array(blob.dropFirst(4))
        ) { other in
            let line = "\u{2014} \(owner) \(Base64.encode(Array(blob.prefix(4)) + other))\n"
            let changed = Array("\(text)\n\(line)".utf8)
            return (try? Checkpoint(note: changed, owner: owner, key: publicKey)) != nil
        }
    }
}
