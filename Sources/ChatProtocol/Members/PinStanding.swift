internal import KeyFormats
internal import Registry

/// What one's own registry says of somebody whom the server's registry names; it has the last word.
enum PinStanding: Hashable {
    /// Nobody that is known here: the server's word counts.
    case unknown
    /// The server's registry leads on from the key that was imported here.
    case pinned
    /// A newer version was imported here than the server shows.
    case pinnedNewer
    /// The key that was imported here is frozen by a fork, or was revoked.
    case distrusted
    /// The server shows another key for the name than the one that was imported here.
    case otherKey
    /// The key was imported here under another name.
    case otherName(KeyName)
    /// The name cannot be told from one that was imported here.
    case lookAlike(KeyName)

    /// Judges by the keys first: a name is what a lying server chooses.
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
                // The chain between the two was checked when its statements arrived.
                .pinned
            } else if pin.versions.contains(where: { $0.keyDER == member.latest.keyDER }) {
                .pinnedNewer
            } else {
                .otherKey
            }
    }

    /// Whether somebody is heard, and may be encrypted to.
    var isTrusted: Bool {
        switch self {
        case .unknown, .pinned, .pinnedNewer: true
        case .distrusted, .otherKey, .otherName, .lookAlike: false
        }
    }
}
