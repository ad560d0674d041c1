internal import AgeFiles
internal import CryptoCore
internal import KeyFormats
internal import Registry

/// What the registry's keys look like to other programs, file by file: a value without I/O.
struct SyncedFiles {
    /// One file.
    struct File {
        /// Its path in the folder.
        let path: String
        /// Which `--only` it belongs to.
        let kind: String
        let content: [UInt8]
    }

    /// The kinds, in the order in which they are written: who is locked out comes first.
    static let names = [
        "revoked_keys", "authorized_keys", "allowed_signers", "keys.jwks", "recipients.txt", "pem",
    ]

    let all: [File]

    /// Describes the keys in use of everybody, or of a group; the revoked ones of everybody.
    init(_ state: RegistryState, group: KeyName?, at now: Timestamp) throws {
        let chosen = try group.map { group in
            guard let names = state.members(ofGroup: group) else {
                throw RecipientError(
                    message: "there is no group \"\(group)\"",
                    hint: "see all groups: keyctl group list",
                    codeName: "unknown-group"
                )
            }
            return Set(names)
        }
        var people: [Person] = []
        var revoked: [(key: PublicKey, said: Timestamp)] = []
        for identity in state.all {
            for version in identity.former + identity.versions {
                guard case .revoked(_, let said, _) = version.state,
                    let key = try? version.storedKey()
                else { continue }
                revoked.append((key, said))
            }
            guard !identity.isRemoved, identity.fork == nil, identity.role != .server,
                chosen?.contains(identity.name) ?? true
            else { continue }
            people.append(Person(identity))
        }
        people.sort { $0.name < $1.name }
        let active = people.compactMap { $0.active(at: now) }
        let jwks = active.map { KeyEntry(.publicKey($0.key), name: $0.name.description) }
        all =
            [
                File(
                    path: "revoked_keys",
                    kind: "revoked_keys",
                    content: KeyRevocationList.encode(
                        revoked.map(\.key),
                        number: revoked.count,
                        time: revoked.map(\.said).max() ?? Timestamp(seconds: 0)
                    )
                ),
                SyncedFiles.text("authorized_keys", active.map(SyncedFiles.authorizedKey)),
                SyncedFiles.text("allowed_signers", people.flatMap(\.allowedSigners)),
                File(
                    path: "keys.jwks",
                    kind: "keys.jwks",
                    content: try SyncedFiles.jwks(jwks)
                ),
                SyncedFiles.text("recipients.txt", active.map(SyncedFiles.recipient)),
            ]
            + active.map { person in
                File(
                    path: "pem/\(person.name).pem",
                    kind: "pem",
                    content: PEM.publicKey(person.key.spkiDER)
                )
            }
    }

    private static func text(_ name: String, _ lines: [String]) -> File {
        let heading = "# written by keyctl sync; changes are overwritten\n"
        return File(
            path: name,
            kind: name,
            content: Array((heading + lines.map { $0 + "\n" }.joined()).utf8)
        )
    }

    private static func jwks(_ entries: [KeyEntry]) throws -> [UInt8] {
        guard let format = KeyFormats.named("jwks") else { preconditionFailure("a format of ours") }
        return try format.encode(entries, KeyEncoding(time: .now)).publicBytes
    }

    /// sshd(8): past its date sshd refuses the key by itself.
    private static func authorizedKey(_ person: ActiveKey) -> String {
        let option = person.expires.map { "expiry-time=\"\($0.digits)\" " } ?? ""
        return "\(option)\(person.key.openSSHLine) \(person.name)"
    }

    private static func recipient(_ person: ActiveKey) -> String {
        "# \(person.name)\n\(person.key.openSSHLine)"
    }
}

/// The version of a name that is in use.
struct ActiveKey {
    let name: KeyName
    let key: PublicKey
    let expires: Timestamp?
}

/// A name with what other programs may know of it.
private struct Person {
    let name: KeyName
    private let identity: RegisteredIdentity

    init(_ identity: RegisteredIdentity) {
        name = identity.name
        self.identity = identity
    }

    /// The key in use; none where it has expired, or is weak.
    func active(at now: Timestamp) -> ActiveKey? {
        guard let version = identity.version(for: .encrypt, at: now),
            let key = try? version.publicKey()
        else { return nil }
        return ActiveKey(name: name, key: key, expires: version.expires)
    }

    /// ssh-keygen(1): each key counts for signatures from its own time.
    var allowedSigners: [String] {
        let versions = identity.versions
        return versions.indices.compactMap { index in
            let version = versions[index]
            guard !version.isRevoked, let key = try? version.publicKey() else { return nil }
            let next = index + 1 < versions.count ? versions[index + 1].since : nil
            let ends = [next, version.expires].compactMap(\.self).min()
            guard version.state == .active || ends != nil else { return nil }
            let until = ends.map { "valid-before=\"\($0.digits)\" " } ?? ""
            return "\(name) \(until)\(key.openSSHLine)"
        }
    }
}

extension Timestamp {
    /// As OpenSSH writes a time: `20261121120000Z`.
    fileprivate var digits: String { description.filter { $0.isNumber || $0 == "Z" } }
}
