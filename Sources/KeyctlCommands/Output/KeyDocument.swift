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
        let compromisedSince: String?
        let privateKeyGone: String?
        /// The provider that keeps the private key, where that is not the keystore.
        let provider: String?
        let reason: String?
    }

    let name: String
    let id: String
    let kind: String
    let role: String
    let state: String
    let comment: String?
    let verified: String?
    let policy: String?
    let versions: [Version]

    /// `isUnusable`: the private half is here, and cannot be used.
    init(
        _ identity: RegisteredIdentity,
        own: IdentityRecord?,
        isUnusable: Bool = false,
        at time: Timestamp
    ) {
        name = identity.name.description
        id = identity.id.description
        kind = own != nil ? "private" : isUnusable ? "unusable" : "public"
        role = (own?.isServer == true ? Role.server : identity.role).rawValue
        let isPending = own?.isPending == true && !identity.latest.isRevoked
        let standing = identity.standing(of: identity.latest, for: .encrypt, at: time)
        state = isPending ? "pending" : standing.name
        comment = own.flatMap { $0.comment.isEmpty ? nil : $0.comment }
        verified = identity.verified?.description
        policy = own.flatMap { $0.policy == .none ? nil : $0.policy.description }
        let pending = own.flatMap { own in own.pending.map { KeyDocument.pending($0, of: own) } }
        versions =
            identity.versions.map { KeyDocument.version($0, own: own, at: time) }
            + (pending.map { [$0] } ?? [])
    }

    static func version(
        _ version: RegisteredVersion,
        own: IdentityRecord?,
        at time: Timestamp
    ) -> Version {
        let key = try? version.storedKey()
        var (said, since, reason): (Timestamp?, Timestamp?, String?) = (nil, nil, nil)
        if case .revoked(let from, let at, let why) = version.state {
            (said, since, reason) = (at, from, why.isEmpty ? nil : why)
        }
        let gone = own?.destroyed[version.number]
        let isGone = gone.map { $0 <= time } ?? false
        return Version(
            version: version.number,
            state: own?.isPending == true && !version.isRevoked
                ? "pending" : isGone ? "destroyed" : state(of: version, at: time),
            bits: key?.rsa.bitCount,
            fingerprint: key?.fingerprint.description,
            since: version.since.description,
            expires: version.expires?.description,
            revoked: said?.description,
            compromisedSince: since == said ? nil : since?.description,
            privateKeyGone: gone?.description,
            provider: own.flatMap { provider(of: version.number, in: $0) },
            reason: reason
        )
    }

    /// Who keeps a version's private key; `nil` for the keystore.
    private static func provider(of version: Int, in record: IdentityRecord) -> String? {
        let place = record.place(of: version)
        return place == .sealed ? nil : place.provider
    }

    private static func pending(
        _ pending: IdentityRecord.Pending,
        of own: IdentityRecord
    ) -> Version {
        let key = try? PublicKey(spkiDER: pending.keyDER, allowingWeak: true)
        return Version(
            version: pending.number,
            state: "pending",
            bits: key?.rsa.bitCount,
            fingerprint: key?.fingerprint.description,
            since: pending.since.description,
            expires: pending.expires?.description,
            revoked: nil,
            compromisedSince: nil,
            privateKeyGone: nil,
            provider: provider(of: pending.number, in: own),
            reason: nil
        )
    }

    /// The latest version, which the one-line views show.
    var latest: Version {
        versions.last { $0.state != "pending" } ?? versions[versions.count - 1]
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
