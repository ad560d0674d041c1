internal import CryptoCore

/// Where a chain stands that is read from its identity's first version on.
///
/// The id is version 1's own digest and each statement is bound to the one before, so that nobody's
/// key is slipped into another's past.
struct ChainLink {
    let id: SHA256Digest
    private var previous: SHA256Digest
    private var version = 1
    private var key: SHA256Digest

    init(id: SHA256Digest) {
        self.id = id
        previous = id
        key = id
    }

    /// Takes the next statement; throws `RegistryError` where it does not follow.
    mutating func follow(_ statement: Statement) throws(RegistryError) {
        switch statement.act {
        case .rotate(let rotation)
        where rotation.id == id && rotation.previous == previous && rotation.from == version
            && SHA256Digest(hashing: rotation.oldKey) == key:
            version = rotation.to
            key = SHA256Digest(hashing: rotation.newKey)
        case .amend(let amendment)
        where amendment.id == id && amendment.previous == previous && amendment.version == version:
            break
        default:
            throw RegistryError.invalidStatement("the chain does not begin with its identity")
        }
        previous = statement.leafHash
    }
}
