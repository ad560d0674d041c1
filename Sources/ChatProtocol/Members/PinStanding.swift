internal import KeyFormats
internal import Registry

/// What the user's own registry says about a member of the server's registry.
///
/// The user's own registry has priority over the server's.
enum PinStanding: Hashable {
    /// The user imported no key of this member: the server's registry decides.
    case unknown
    /// The server's registry has the imported key, or a newer version after it.
    case pinned
    /// The user imported a newer version than the server's registry has.
    case pinnedNewer
    /// The imported key was revoked, or is frozen by a fork.
    case distrusted
    /// The server's registry has another key for the name than the imported one.
    case otherKey
    /// The user imported the key under another name.
    case otherName(KeyName)
    /// The name looks like the name of an imported key.
    case lookAlike(KeyName)

    /// Compares the keys before the names, because a dishonest server can choose any name.
    init(of member: RegisteredIdentity, in pins: RegistryState) {
        for version in member.versions {
            guard let holder = pins.identity(keyDER: version.keyDER), !holder.isRemoved,
                holder.name != member.name
            else { continue }
            self = .otherName(holder.name)
            return
        }
        guard let pin = pins.identity(member.name), !pin.isRemoved else {
            self = pins.lookAlike(of: member.name).map { .lookAlike($0) } ?? .unknown
            return
        }
        self =
            if pin.fork != nil || pin.latest.isRevoked {
                .distrusted
            } else if member.versions.contains(where: { $0.keyDER == pin.latest.keyDER }) {
                // The statements between the two versions were checked when they arrived.
                .pinned
            } else if pin.versions.contains(where: { $0.keyDER == member.latest.keyDER }) {
                .pinnedNewer
            } else {
                .otherKey
            }
    }

    /// Whether messages of the member are accepted, and messages to the member are encrypted.
    var isTrusted: Bool {
        switch self {
        case .unknown, .pinned, .pinnedNewer: true
        case .distrusted, .otherKey, .otherName, .lookAlike: false
        }
    }
}
