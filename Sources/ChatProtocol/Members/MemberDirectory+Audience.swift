internal import CryptoCore
package import KeyFormats
internal import Registry

/// Which sessions may send to a room, and which members receive its messages.
extension MemberDirectory {
    /// A recipient of the chain key.
    struct Recipient {
        let identity: SHA256Digest
        let version: Int
        let expires: Timestamp?
        let key: RSAPublicKey
    }

    // MARK: Senders

    /// Returns whether the user's own registry accepts messages of a session.
    ///
    /// It is called for each message, because the registry may have changed since the announcement.
    func isHeard(_ certificate: SessionCertificate) -> Bool {
        guard let identity = mirror.identity(id: certificate.identity), identity.id != chat,
            PinStanding(of: identity, in: pins).isTrusted,
            let version = version(certificate, of: identity)
        else { return false }
        return !pins.isRevoked(keyDER: version.keyDER)
    }

    /// Whether the identity of a session may send to a room now.
    func speaks(
        _ certificate: SessionCertificate,
        in room: String,
        at now: Timestamp
    ) -> Bool {
        guard let identity = mirror.identity(id: certificate.identity), !identity.isRemoved,
            identity.role != .server, mirror.isMember(identity.name, ofRoom: room)
        else { return false }
        // The server's registry lacks this version. The user imported it by hand, so it is
        // accepted.
        guard let version = identity.version(certificate.version) else { return true }
        return identity.allows(.stay, by: version, at: now)
    }

    /// Returns the name that a session's certificate proves; `nil` if the certificate is not
    /// accepted.
    ///
    /// `revokedBefore` returns whether a version was revoked before the entry that is judged.
    func speaker(
        _ certificate: SessionCertificate,
        at time: Int64,
        revokedBefore: (SHA256Digest, Int) -> Bool
    ) -> KeyName? {
        guard certificate.chat == chat, certificate.use == .client, isHeard(certificate),
            let identity = mirror.identity(id: certificate.identity), identity.role != .server,
            let version = version(certificate, of: identity),
            !version.isRevoked || !revokedBefore(identity.id, version.number),
            let key = try? version.publicKey(),
            certificate.isIssued(by: key.rsa, at: time)
        else { return nil }
        return identity.name
    }

    private func version(
        _ certificate: SessionCertificate,
        of identity: RegisteredIdentity
    ) -> RegisteredVersion? {
        identity.version(certificate.version)
            ?? pins.identity(identity.name)?.version(certificate.version)
    }

    // MARK: Recipients

    /// Returns the version that messages to a member are encrypted to, and whether they reach the
    /// member.
    private func target(
        _ member: RegisteredIdentity,
        at time: Timestamp
    ) -> (version: RegisteredVersion, reach: Reach) {
        let latest = member.latest
        switch PinStanding(of: member, in: pins) {
        case .otherKey: return (latest, .otherKey)
        case .otherName(let name): return (latest, .otherName(name))
        case .lookAlike(let name): return (latest, .lookAlike(name))
        case .distrusted: return (latest, .distrusted)
        case .unknown where pinnedOnly: return (latest, .notPinned)
        case .unknown, .pinned: return (latest, reach(latest, of: member, at: time))
        case .pinnedNewer:
            let holder = pins.identity(member.name) ?? member
            return (holder.latest, reach(holder.latest, of: holder, at: time))
        }
    }

    private func reach(
        _ version: RegisteredVersion,
        of holder: RegisteredIdentity,
        at time: Timestamp
    ) -> Reach {
        guard !pins.isRevoked(keyDER: version.keyDER) else { return .distrusted }
        // Only the server's admin accepted this key; it is too weak to use.
        guard (try? version.publicKey()) != nil else { return .weak }
        let standing = holder.standing(of: version, for: .encrypt, at: time)
        guard !KeyUse.encrypt.allows(standing) else { return .reached }
        return switch standing {
        case .expired: .expired
        case .revoked, .removed: .revoked
        case .frozen: .frozen
        case .retired, .active: .retired
        }
    }

    /// Returns the recipients of messages to a room, with the user's own identity.
    func recipients(of room: String, at time: Timestamp) -> [Recipient] {
        mirror.members(ofRoom: room).compactMap { member in
            let (version, reach) = target(member, at: time)
            guard reach == .reached, let key = try? version.publicKey() else { return nil }
            return Recipient(
                identity: member.id,
                version: version.number,
                expires: version.expires,
                key: key.rsa
            )
        }
    }

    /// Returns the present view of a room: its members, their keys, and whether messages reach
    /// them.
    package func view(of room: String, at time: Timestamp) -> RoomView {
        var rows: [KeyName: RoomView.Row] = [:]
        for member in mirror.members(ofRoom: room) {
            let (version, reach) = target(member, at: time)
            let pin = pins.identity(member.name)
            rows[member.name] = RoomView.Row(
                key: version.lookup,
                version: version.number,
                role: member.role,
                reach: reach,
                revokedCount: (member.versions + member.former).count(where: \.isRevoked),
                isVerified: pin?.verified != nil && reach == .reached
            )
        }
        return RoomView(rows: rows)
    }

    /// Returns whether a chain of rotations leads from an earlier key to the present key of a name.
    ///
    /// It does if one registry has both keys under the name.
    func leads(from earlier: SHA256Digest, to key: SHA256Digest, of name: KeyName) -> Bool {
        [mirror, pins].contains { registry in
            let keys = registry.identity(name)?.versions.map(\.lookup) ?? []
            return keys.contains(earlier) && keys.contains(key)
        }
    }

    /// Returns a sentence that says why a member is no longer in the room.
    func departure(of name: KeyName) -> String {
        guard let identity = mirror.identity(name), !identity.isRemoved else {
            return "\(name) was removed from the server's registry"
        }
        guard identity.role != .server else {
            return "\(name) was made an identity of the server, and is no longer in the room"
        }
        return "\(name) was taken out of the room"
    }
}
