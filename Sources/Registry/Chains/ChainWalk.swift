internal import CryptoCore
internal import KeyFormats

/// Checks a chain alone: one identity, its own beginning, every signature and every link.
struct ChainWalk {
    private(set) var id: SHA256Digest?
    private var lastHash: SHA256Digest?
    private var lastKey: [UInt8]

    init(_ chain: [Statement]) {
        // Statements before the first rotation are signed by the key that this rotation replaces.
        lastKey =
            chain.lazy.compactMap { statement in
                if case .rotate(let rotation) = statement.act { rotation.oldKey } else { nil }
            }.first ?? []
    }

    mutating func take(_ statement: Statement) throws(RegistryError) {
        switch statement.act {
        case .rotate(let rotation):
            if let key = try? PublicKey(spkiDER: rotation.newKey, allowingWeak: true),
                let weakness = RSAWeakness.obvious(in: key.rsa)
            {
                throw RegistryError.uselessKey(key.fingerprint, weakness)
            }
            guard rotation.isSigned(at: statement.time) else {
                throw RegistryError.brokenChain(
                    "the step to version \(rotation.to) is not signed by both keys"
                )
            }
            guard id == nil || rotation.id == id, lastHash == nil || rotation.previous == lastHash,
                lastKey.isEmpty || rotation.oldKey == lastKey
            else {
                throw RegistryError.brokenChain(
                    "the step to version \(rotation.to) does not follow the one before it"
                )
            }
            // The id is the digest of version 1's key, so a chain cannot claim another identity's
            // id.
            guard
                rotation.from > 1
                    || rotation.id == SHA256Digest(hashing: rotation.oldKey)
                        && (lastHash != nil || rotation.previous == rotation.id)
            else { throw RegistryError.brokenChain("it does not begin with its identity") }
            id = rotation.id
            lastKey = rotation.newKey
        case .amend(let amendment):
            guard id == nil || id == amendment.id,
                lastHash == nil || lastHash == amendment.previous
            else {
                throw RegistryError.brokenChain(
                    "a change does not follow from the statement before it"
                )
            }
            if !lastKey.isEmpty {
                guard let key = try? PublicKey(spkiDER: lastKey, allowingWeak: true),
                    amendment.isSigned(by: key, at: statement.time)
                else { throw RegistryError.brokenChain("a change is not signed by its version") }
            }
            id = amendment.id
        case .revoke:
            // A revocation stands beside the chain. The key may have signed it when its identity
            // had another id.
            return
        case .sign(let record):
            guard id == nil || id == record.id else {
                throw RegistryError.brokenChain("it is about two identities")
            }
            id = record.id
            return
        case .register, .replace, .remove, .assign, .disown, .verify, .unverify, .join, .leave:
            throw RegistryError.brokenChain("it holds a statement of a registry's owner")
        }
        lastHash = statement.leafHash
    }
}
