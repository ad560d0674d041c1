internal import CryptoCore

/// The rules of an identity's own chain, at one place of the chain.
///
/// The place is the end of the chain as far as the caller knows it: `ChainLink` knows it from the
/// first version on, `ChainWalk` as far as the statements before told it, and a registry from its
/// state. All of them ask here. Each words its own refusal, because the user can do another thing
/// about a file than about a line of a log.
struct ChainRules {
    /// Why a statement does not continue a chain.
    enum Breach: Equatable {
        /// The chain's first rotation is not by the key that the id is the digest of.
        case otherBeginning
        /// The chain ended with this version, which was retired or revoked.
        case ended
        /// It is about another identity.
        case otherIdentity
        /// It continues another version, or another key for the version.
        case otherVersion
        /// It names another statement as the one before it.
        case otherPrevious
    }

    /// The identity; `nil` before a statement told it.
    private(set) var id: SHA256Digest?
    // What the next statement must continue; `nil` is not known yet, and anything continues it.
    private var previous: SHA256Digest?
    private var version: Int?
    private var key: SHA256Digest?
    private var isEnded = false

    /// The beginning of an identity.
    ///
    /// The digest of its first key is its id, and stands for the statement before the first one.
    init(beginning id: SHA256Digest) {
        self.id = id
        previous = id
        version = 1
        key = id
    }

    /// The end of an identity's chain in a registry.
    init(_ identity: RegisteredIdentity) {
        id = identity.id
        previous = identity.chainHead
        version = identity.latest.number
        key = SHA256Digest(hashing: identity.latest.keyDER)
        isEnded = identity.latest.state != .active
    }

    /// Any place of a chain of which only the key in use may be known.
    init(somewhereAt key: [UInt8]?) { self.key = key.map { SHA256Digest(hashing: $0) } }

    /// Returns why a rotation does not continue the chain; `nil` if it does.
    func breach(by rotation: Rotation) -> Breach? {
        let old = SHA256Digest(hashing: rotation.oldKey)
        // So a chain cannot claim another identity's id.
        let begins = rotation.id == old && (previous != nil || rotation.previous == rotation.id)
        guard rotation.from > 1 || begins else { return .otherBeginning }
        return breach(rotation.id, rotation.from, old, rotation.previous)
    }

    /// Returns why an amendment does not continue the chain; `nil` if it does.
    func breach(by amendment: Amendment) -> Breach? {
        breach(amendment.id, amendment.version, nil, amendment.previous)
    }

    private func breach(
        _ id: SHA256Digest,
        _ version: Int,
        _ key: SHA256Digest?,
        _ previous: SHA256Digest
    ) -> Breach? {
        guard !isEnded else { return .ended }
        guard self.id == nil || self.id == id else { return .otherIdentity }
        guard self.version == nil || self.version == version,
            self.key == nil || key == nil || self.key == key
        else { return .otherVersion }
        guard self.previous == nil || self.previous == previous else { return .otherPrevious }
        return nil
    }

    /// Goes on to the place after a statement that continues the chain.
    ///
    /// Revocations and logged signatures stand beside the chain.
    mutating func advance(past statement: Statement) {
        switch statement.act {
        case .rotate(let rotation):
            version = rotation.to
            key = SHA256Digest(hashing: rotation.newKey)
        case .amend(let amendment):
            version = amendment.version
            if case .retire = amendment.change { isEnded = true }
        case .revoke, .sign, .register, .replace, .remove, .assign, .disown, .verify, .unverify,
            .join, .leave:
            return
        }
        id = statement.identityID
        previous = statement.leafHash
    }

    /// Takes the identity from a logged signature; returns `false` if it is another one.
    mutating func isAbout(_ record: LoggedSignature) -> Bool {
        guard id == nil || id == record.id else { return false }
        id = record.id
        return true
    }
}
