public import KeyFormats

/// Where a version of a key stands at a moment, by everything that the registry knows of it.
public enum KeyStanding: Sendable, Equatable {
    /// In use.
    case active
    /// In use, but the date that its owner gave has passed.
    case expired(Timestamp)
    /// Followed by another version, or ended by its owner.
    case retired
    /// Not to be trusted any more, from `since` on; with no time, not for anything it signed.
    case revoked(since: Timestamp?, said: Timestamp, reason: String)
    /// Two successors of one key exist, and nobody has decided between them yet.
    case frozen
    /// The owner of the registry removed the name.
    case removed
}

extension RegisteredIdentity {
    /// Where one of the identity's versions stands for a use at a moment.
    ///
    /// This and `KeyUse.allows` decide together whether a key may be used; nothing else does.
    public func standing(
        of version: RegisteredVersion,
        for use: KeyUse,
        at time: Timestamp
    ) -> KeyStanding {
        guard !isRemoved else { return .removed }
        // A fork says nothing about what was signed by versions before the two that contend.
        guard fork == nil || use == .verify && version.number < forkedVersion else {
            return .frozen
        }
        switch version.state {
        case .revoked(let since, let said, let reason):
            return .revoked(since: since, said: said, reason: reason)
        case .retired: return .retired
        case .active: break
        }
        if let expires = version.expires, expires <= time { return .expired(expires) }
        return .active
    }

    /// Whether one of the identity's versions may be used for something at a moment.
    public func allows(_ use: KeyUse, by version: RegisteredVersion, at time: Timestamp) -> Bool {
        use.allows(standing(of: version, for: use, at: time))
    }

    /// The version that may be used for something now: the latest one, or none.
    public func version(for use: KeyUse, at time: Timestamp) -> RegisteredVersion? {
        allows(use, by: latest, at: time) ? latest : nil
    }
}
