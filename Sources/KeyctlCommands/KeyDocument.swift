internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import Registry

/// A key with its versions, as `--json` prints it.
///
/// The schema's version is 1.
struct KeyDocument: Encodable {
    struct Version: Encodable {
        let version: Int
        let state: String
        let bits: Int?
        let fingerprint: String?
        let since: String
        let expires: String?
        let revoked: String?
        let reason: String?
    }

    let name: String
    let id: String
    let kind: String
    let role: String
    let state: String
    let comment: String?
    let versions: [Version]

    init(_ identity: RegisteredIdentity, own: IdentityRecord?, at time: Timestamp) {
        name = identity.name.description
        id = identity.id.description
        kind = own == nil ? "public" : "private"
        role = (own?.isServer == true ? Role.server : identity.role).rawValue
        state = KeyDocument.state(of: identity, at: time)
        comment = own.flatMap { $0.comment.isEmpty ? nil : $0.comment }
        versions = identity.versions.map { version in
            let key = try? version.storedKey()
            var revoked: Timestamp?
            var reason: String?
            if case .revoked(let at, let why) = version.state {
                revoked = at
                reason = why.isEmpty ? nil : why
            }
            return Version(
                version: version.number,
                state: KeyDocument.state(of: version, at: time),
                bits: key?.rsa.bitCount,
                fingerprint: key?.fingerprint.description,
                since: version.since.description,
                expires: version.expires?.description,
                revoked: revoked?.description,
                reason: reason
            )
        }
    }

    /// The latest version, which the one-line views show.
    var latest: Version { versions[versions.count - 1] }

    private static func state(of identity: RegisteredIdentity, at time: Timestamp) -> String {
        if identity.isRemoved { return "removed" }
        if identity.fork != nil { return "frozen" }
        return state(of: identity.latest, at: time)
    }

    private static func state(of version: RegisteredVersion, at time: Timestamp) -> String {
        switch version.state {
        case .retired: return "retired"
        case .revoked: return "revoked"
        case .active:
            // Expired is computed from the date, never stored.
            return version.expires.map { $0 <= time } == true ? "expired" : "active"
        }
    }
}
