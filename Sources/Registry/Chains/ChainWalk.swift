internal import CryptoCore
internal import KeyFormats

/// Checks a chain alone: one identity, its own beginning, every signature and every link.
struct ChainWalk {
    private var rules: ChainRules
    private var key: [UInt8]?

    /// The identity; `nil` before a statement told it.
    var id: SHA256Digest? { rules.id }

    init(_ chain: [Statement]) {
        // Statements before the first rotation are signed by the key that this rotation replaces.
        key = chain.lazy.compactMap(\.rotation).first?.oldKey
        rules = ChainRules(somewhereAt: key)
    }

    mutating func take(_ statement: Statement) throws(RegistryError) {
        switch statement.act {
        case .rotate(let rotation):
            try check(rotation, at: statement.time)
            key = rotation.newKey
        case .amend(let amendment): try check(amendment, at: statement.time)
        case .revoke:
            // A revocation stands beside the chain. The key may have signed it when its identity
            // had another id.
            return
        case .sign(let record):
            guard rules.isAbout(record) else {
                throw RegistryError.brokenChain("it is about two identities")
            }
        case .register, .replace, .remove, .assign, .disown, .verify, .unverify, .join, .leave:
            throw RegistryError.ownersStatement
        }
        rules.advance(past: statement)
    }

    private func check(_ rotation: Rotation, at time: Timestamp) throws(RegistryError) {
        if let key = try? PublicKey(spkiDER: rotation.newKey, allowingWeak: true),
            let weakness = RSAWeakness.obvious(in: key.rsa)
        {
            throw RegistryError.uselessKey(key.fingerprint, weakness)
        }
        guard rotation.isSigned(at: time) else {
            throw RegistryError.brokenChain(
                "the step to version \(rotation.to) is not signed by both keys"
            )
        }
        switch rules.breach(by: rotation) {
        case nil: break
        case .otherBeginning?:
            throw RegistryError.brokenChain("it does not begin with its identity")
        case .ended?: throw RegistryError.afterEnd(rotation.from)
        case .otherIdentity?, .otherVersion?, .otherPrevious?:
            throw RegistryError.brokenChain(
                "the step to version \(rotation.to) does not follow the one before it"
            )
        }
    }

    private func check(_ amendment: Amendment, at time: Timestamp) throws(RegistryError) {
        switch rules.breach(by: amendment) {
        case nil: break
        case .ended?: throw RegistryError.afterEnd(amendment.version)
        case .otherBeginning?, .otherIdentity?, .otherVersion?, .otherPrevious?:
            throw RegistryError.brokenChain("a change does not follow from the statement before it")
        }
        guard let key else { return }
        guard let signer = try? PublicKey(spkiDER: key, allowingWeak: true),
            amendment.isSigned(by: signer, at: time)
        else { throw RegistryError.unsignedChange }
    }
}
