public import KeyFormats

/// The standing of a version at one moment, by everything that the registry knows.
public enum KeyStanding: Sendable, Equatable {
    /// It is in use.
    case active
    /// It is in use, but its owner's date of expiry has passed.
    case expired(Timestamp)
    /// It has a successor, or its owner ended it.
    case retired
    /// It is not to be trusted from `since` on; if `since` is `nil`, nothing that it signed counts.
    case revoked(since: Timestamp?, said: Timestamp, reason: String)
    /// Its key has two different successors, and the owner of the registry has not decided yet.
    case frozen
    /// The owner of the registry removed the name.
    case removed
}

extension RegisteredIdentity {
    /// Returns the standing of one of the identity's versions for a use at a moment.
    ///
    /// This function and `KeyUse.allows` alone decide whether a key may be used.
    public func standing(
        of version: RegisteredVersion,
        for use: KeyUse,
        at time: Timestamp
    ) -> KeyStanding {
        guard !isRemoved else { return .removed }
        // A fork does not affect signatures by versions before the two successors.
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

    /// Returns whether one of the identity's versions may be used for something at a moment.
    public func allows(_ use: KeyUse, by version: RegisteredVersion, at time: Timestamp) -> Bool {
        use.allows(standing(of: version, for: use, at: time))
    }

    /// Returns the latest version if it may be used for something at a moment, else `nil`.
    public func version(for use: KeyUse, at time: Timestamp) -> RegisteredVersion? {
        allows(use, by: latest, at: time) ? latest : nil
    }
}
