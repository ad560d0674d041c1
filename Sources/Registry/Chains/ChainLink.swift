internal import CryptoCore
internal import KeyFormats

/// A chain that is read from its identity's first version, up to its newest statement.
///
/// The id is the digest of version 1's key, and each statement names the hash of the one before.
/// So no key of another identity can be inserted into the past of this one. `RegistryState` keeps
/// one for each chain that does not lead to a known version yet.
struct ChainLink {
    let id: SHA256Digest
    private(set) var statements: [Statement] = []
    /// The versions that the chain leads through, as far as its rotations tell them.
    private(set) var versions: [RegisteredVersion] = []
    private var previous: SHA256Digest
    private var number = 1
    private var key: SHA256Digest
    // The date of a renewal of the first version, before a rotation has told that version's key.
    private var expires: Timestamp?

    init(id: SHA256Digest) {
        self.id = id
        previous = id
        key = id
    }

    /// Adds the next statement.
    ///
    /// Throws `RegistryError` if the statement does not continue the chain, or if the chain is too
    /// long.
    mutating func follow(_ statement: Statement) throws(RegistryError) {
        guard statements.count < RegistryState.largestChainCount else {
            throw RegistryError.invalidStatement("the chain is too long")
        }
        switch statement.act {
        case .rotate(let rotation)
        where rotation.id == id && rotation.previous == previous && rotation.from == number
            && SHA256Digest(hashing: rotation.oldKey) == key:
            if versions.isEmpty {
                // The chain does not tell when the first version came into use.
                versions.append(version(1, rotation.oldKey, statement.time, expires))
            }
            versions.append(
                version(rotation.to, rotation.newKey, statement.time, rotation.expires)
            )
            number = rotation.to
            key = SHA256Digest(hashing: rotation.newKey)
        case .amend(let amendment)
        where amendment.id == id && amendment.previous == previous && amendment.version == number:
            guard case .renew(let date) = amendment.change else {
                throw RegistryError.invalidStatement("nothing follows a version that was retired")
            }
            expires = date
            if !versions.isEmpty { versions[versions.count - 1].expires = date }
        default:
            throw RegistryError.invalidStatement("the chain does not begin with its identity")
        }
        previous = statement.leafHash
        statements.append(statement)
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
