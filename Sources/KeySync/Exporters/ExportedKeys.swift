public import KeyFormats
public import Registry

/// What the registry says to other programs at one time: a value without I/O.
public struct ExportedKeys {
    /// People whose keys may be used, by name.
    let people: [ExportedPerson]
    /// Their keys in use.
    let active: [ActiveKey]
    /// Every revoked key, also of people outside the chosen group.
    let revoked: [RevokedKey]
    /// The time for which that holds.
    let time: Timestamp

    /// Takes the keys of everybody, or of a group, and the revoked ones of everybody.
    ///
    /// Throws `KeySyncError` where there is no such group.
    public init(_ state: RegistryState, group: KeyName?, at time: Timestamp) throws {
        let chosen = try group.map { group in
            guard let names = state.members(ofGroup: group) else {
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
