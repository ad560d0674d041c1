internal import CryptoCore
internal import KeyFormats

/// A chain that is read from its identity's first version on, and where it stands.
///
/// The id is version 1's own digest and each statement is bound to the one before, so that nobody's
/// key is slipped into another's past.
struct ChainLink {
    let id: SHA256Digest
    private(set) var statements: [Statement] = []
    /// The versions that it leads through, as far as it tells of them.
    private(set) var versions: [RegisteredVersion] = []
    private var previous: SHA256Digest
    private var number = 1
    private var key: SHA256Digest
    // What a renewal says of a first version whose key no rotation has told yet.
    private var expires: Timestamp?

    init(id: SHA256Digest) {
        self.id = id
        previous = id
        key = id
    }

    /// Takes the next statement; throws `RegistryError` where it does not follow, or the chain is
    /// too long.
    mutating func follow(_ statement: Statement) throws(RegistryError) {
        guard statements.count < RegistryState.largestChainCount else {
            throw RegistryError.invalidStatement("the chain is too long")
        }
        switch statement.act {
        case .rotate(let rotation)
        where rotation.id == id && rotation.previous == previous && rotation.from == number
            && SHA256Digest(hashing: rotation.oldKey) == key:
            if versions.isEmpty {
                // Since when the first was in use, nobody here knows.
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
