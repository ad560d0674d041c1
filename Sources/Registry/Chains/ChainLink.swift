internal import CryptoCore
internal import KeyFormats

/// A chain that is read from its identity's first version, up to its newest statement.
///
/// The id is the digest of version 1's key, and each statement names the hash of the one before.
/// So no key of another identity can be inserted into the past of this one. `RegistryState` keeps
/// one for each chain that does not lead to a known version yet.
struct ChainLink {
    private(set) var statements: [Statement] = []
    /// The versions that the chain leads through, as far as its rotations tell them.
    private(set) var versions: [RegisteredVersion] = []
    private var rules: ChainRules
    // A renewal of the first version carries a new expiry date but no public key. The date is kept
    // here until a rotation, which carries the key, adds that version to `versions`.
    private var expires: Timestamp?

    init(id: SHA256Digest) { rules = ChainRules(beginning: id) }

    /// Adds the next statement.
    ///
    /// Throws `RegistryError` if the statement does not continue the chain, or if the chain is too
    /// long.
    mutating func follow(_ statement: Statement) throws(RegistryError) {
        guard RegistryState.hasRoom(forSteps: statements.count + 1) else {
            throw RegistryError.invalidStatement("the chain is too long")
        }
        switch statement.act {
        case .rotate(let rotation) where rules.breach(by: rotation) == nil:
            add(rotation, at: statement.time)
        case .amend(let amendment) where rules.breach(by: amendment) == nil:
            guard case .renew(let date) = amendment.change else {
                throw RegistryError.invalidStatement("nothing follows a version that was retired")
            }
            expires = date
            if !versions.isEmpty { versions[versions.count - 1].expires = date }
        case .rotate, .amend, .revoke, .sign, .register, .replace, .remove, .assign, .disown,
            .verify, .unverify, .join, .leave:
            throw RegistryError.invalidStatement("the chain does not begin with its identity")
        }
        rules.advance(past: statement)
        statements.append(statement)
    }

    private mutating func add(_ rotation: Rotation, at time: Timestamp) {
        if versions.isEmpty {
            // The chain does not tell when the first version came into use.
            versions.append(version(1, rotation.oldKey, time, expires))
        }
        versions.append(version(rotation.to, rotation.newKey, time, rotation.expires))
    }

    private func version(
        _ number: Int,
        _ key: [UInt8],
        _ since: Timestamp,
        _ expires: Timestamp?
    ) -> RegisteredVersion {
        RegisteredVersion(
            number: number,
            keyDER: key,
            since: since,
            expires: expires,
            state: .retired
        )
    }
}
