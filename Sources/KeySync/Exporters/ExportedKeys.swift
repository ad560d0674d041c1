public import KeyFormats
public import Registry

/// The keys of a registry at one time, for other programs: a value without I/O.
public struct ExportedKeys {
    /// The people whose keys may be used, by name.
    let people: [ExportedPerson]
    /// The keys in use of these people.
    let active: [ActiveKey]
    /// All revoked keys, also of people outside the chosen group.
    let revoked: [RevokedKey]
    /// The time at which these keys were valid.
    let time: Timestamp

    /// Collects the keys of all people or of a group, and the revoked keys of all people.
    ///
    /// Throws `KeySyncError` if there is no such group.
    public init(
        _ state: RegistryState,
        group: KeyName?,
        at time: Timestamp,
        allowsMissingGroup: Bool = false
    ) throws {
        let chosen: Set<KeyName>? = try group.map { group in
            guard let names = state.members(ofGroup: group) else {
                if allowsMissingGroup { return [] }
                throw KeySyncError.unknownGroup(group)
            }
            return Set(names)
        }
        var people: [ExportedPerson] = []
        var revoked: [RevokedKey] = []
        for identity in state.all {
            for version in identity.former + identity.versions {
                guard case .revoked(_, let said, _) = version.state,
                    let key = try? version.storedKey()
                else { continue }
                revoked.append(RevokedKey(name: identity.name, key: key, time: said))
            }
            guard !identity.isRemoved, identity.fork == nil, identity.role != .server,
                chosen?.contains(identity.name) ?? true
            else { continue }
            people.append(ExportedPerson(identity))
        }
        people.sort { $0.name < $1.name }
        self.people = people
        self.revoked = revoked
        self.time = time
        active = people.compactMap { $0.active(at: time) }
    }
}
