internal import CryptoCore
public import KeyFormats

/// The differences between the states of two logs, name by name.
public struct RegistryDifference: Sendable {
    /// One difference.
    public struct Change: Equatable, Sendable {
        /// The name that changed.
        public let name: KeyName
        /// The description of the change.
        public let what: String
    }

    /// All changes, in the order of registration; names that were removed come last.
    public let changes: [Change]

    /// Compares two states as they stand at `time`.
    public init(from old: RegistryState, to new: RegistryState, at time: Timestamp) {
        var changes: [Change] = []
        for identity in new.all {
            let texts =
                old.identity(identity.name).map { before in
                    RegistryDifference.texts(from: before, to: identity, at: time)
                } ?? ["added, \(RegistryDifference.state(of: identity, at: time))"]
            changes += texts.map { Change(name: identity.name, what: $0) }
        }
        for identity in old.all where new.identity(identity.name) == nil {
            changes.append(Change(name: identity.name, what: "not there"))
        }
        self.changes = changes
    }

    private static func texts(
        from before: RegisteredIdentity,
        to after: RegisteredIdentity,
        at time: Timestamp
    ) -> [String] {
        var texts: [String] = []
        let (old, new) = (before.latest, after.latest)
        if before.id != after.id, old.keyDER != new.keyDER {
            texts.append("REPLACED by another key")
        } else if old.number != new.number {
            texts.append("rotated, version \(old.number) to \(new.number)")
        }
        let states = (state(of: before, at: time), state(of: after, at: time))
        if states.0 != states.1 { texts.append("\(states.0), now \(states.1)") }
        if old.expires != new.expires {
            texts.append("expires \(new.expires?.description ?? "never")")
        }
        if before.role != after.role { texts.append("role \(after.role.rawValue)") }
        return texts
    }

    private static func state(of identity: RegisteredIdentity, at time: Timestamp) -> String {
        identity.standing(of: identity.latest, for: .encrypt, at: time).name
    }
}
