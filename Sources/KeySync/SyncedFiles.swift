internal import CryptoCore
public import KeyFormats
public import Registry

/// What the registry's keys look like to other programs, file by file: a value without I/O.
public struct SyncedFiles {
    /// The kinds, in the order in which they are written: the revoked keys come first.
    public static let kinds = [
        "revoked_keys", "authorized_keys", "allowed_signers", "keys.jwks", "recipients.txt", "pem",
    ]

    /// Every file, in the order in which they are written.
    public let all: [SyncedFile]

    /// Describes the keys in use of everybody, or of a group; the revoked ones of everybody.
    ///
    /// Throws `KeySyncError` where there is no such group.
    public init(_ state: RegistryState, group: KeyName?, at now: Timestamp) throws {
        let chosen = try group.map { group in
            guard let names = state.members(ofGroup: group) else {
                throw KeySyncError.unknownGroup(group)
            }
            return Set(names)
        }
        var people: [SyncedPerson] = []
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
            people.append(SyncedPerson(identity))
        }
        people.sort { $0.name < $1.name }
        let active = people.compactMap { $0.active(at: now) }
        let jwks = active.map { KeyEntry(.publicKey($0.key), name: $0.name.description) }
        all =
            [
                SyncedFile(
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
                SyncedFile(
                    path: "keys.jwks",
                    kind: "keys.jwks",
                    content: try SyncedFiles.jwks(jwks)
                ),
                SyncedFiles.text("recipients.txt", active.map(SyncedFiles.recipient)),
            ]
            + active.map { person in
                SyncedFile(
                    path: "pem/\(person.name).pem",
                    kind: "pem",
                    content: PEM.publicKey(person.key.spkiDER)
                )
            }
    }

    private static func text(_ name: String, _ lines: [String]) -> SyncedFile {
        let heading = "# written by keyctl sync; changes are overwritten\n"
        return SyncedFile(
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
    private static func authorizedKey(_ person: SyncedKey) -> String {
        let option = person.expires.map { "expiry-time=\"\($0.digits)\" " } ?? ""
        return "\(option)\(person.key.openSSHLine) \(person.name)"
    }

    private static func recipient(_ person: SyncedKey) -> String {
        "# \(person.name)\n\(person.key.openSSHLine)"
    }
}
