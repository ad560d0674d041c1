internal import AgeFiles
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// Everybody a file can be encrypted for, and everything that can open one: names of the registry,
/// keys written out, one's own identities.
struct Keyring {
    private static let namedCount = 20

    let keystore: Keystore
    private let global: GlobalOptions
    // Made once, by the first key that is written out.
    private var examination: KeyExamination?
    private var work = KeyWork.file

    init(_ global: GlobalOptions, in keystore: Keystore? = nil) throws {
        self.global = global
        self.keystore = try keystore ?? global.keystore()
    }

    // MARK: Encrypting

    /// A recipient by registry name, `age1…`, or an OpenSSH public key line.
    mutating func recipient(_ text: String) throws -> any AgeRecipient {
        if text.hasPrefix("age1") { return try AgeX25519.Recipient(text) }
        if text.hasPrefix("ssh-") {
            let key = try KeyFormats.publicKey(openSSHLine: text)
            try requireStrong(key)
            try requireInUse(key)
            return AgeSSHRSA.Recipient(key, name: key.fingerprint.description)
        }
        return try recipient(KeyName(text))
    }

    /// All keys that are written out, or stand in lists of recipients, share one budget.
    private mutating func requireStrong(_ key: PublicKey) throws {
        let examination = try self.examination ?? .standard(keystore)
        self.examination = examination
        try work.spend(on: [key], knownCount: examination.knownCount)
        try examination.requireStrong(key)
    }

    /// A key that is written out is judged by what is known of it here.
    private func requireInUse(_ key: PublicKey) throws {
        let state = keystore.registry.state
        guard !state.isRevoked(keyDER: key.spkiDER) else {
            throw RecipientError(
                message: "the key \(key.fingerprint) was revoked, so nothing is encrypted for it",
                hint: "ask its owner for a new key",
                codeName: "revoked"
            )
        }
        guard let known = state.identity(keyDER: key.spkiDER), !known.isRemoved else { return }
        let active = try activeVersion(known.name)
        guard active.keyDER == key.spkiDER else {
            throw RecipientError(
                message: "the key \(key.fingerprint) is an old version of \"\(known.name)\"",
                hint: "encrypt for the version in use: -r \(known.name)",
                codeName: "retired"
            )
        }
    }

    /// The recipients that a word stands for: everybody of a group, or one.
    mutating func recipients(_ text: String) throws -> [any AgeRecipient] {
        let group = (try? KeyName(text)).flatMap { keystore.registry.state.members(ofGroup: $0) }
        guard let group else { return [try recipient(text)] }
        return try group.map { try recipient($0) }
    }

    /// The version of a name that is in use.
    func recipient(_ name: KeyName) throws -> AgeSSHRSA.Recipient {
        let version = try activeVersion(name)
        let key = try version.storedKey()
        if (try? version.publicKey()) == nil {
            Report.warning("the key of \"\(name)\" is weak, and was accepted with --allow-weak")
        }
        return AgeSSHRSA.Recipient(key, name: "\(name), version \(version.number)")
    }

    /// The version of a name that is in use; throws where there is none, or its date has passed.
    func activeVersion(_ name: KeyName) throws -> RegisteredVersion {
        let state = keystore.registry.state
        let identity = try state.known(name)
        if let frozen = state.frozenError(identity) { throw frozen }
        let latest = identity.latest
        let standing = identity.standing(of: latest, for: .encrypt, at: .now)
        guard !KeyUse.encrypt.allows(standing) else { return latest }
        if case .expired(let expires) = standing {
            throw RecipientError(
                message: "the key of \"\(name)\" expired at \(expires)",
                hint: "ask \(name) to rotate it (keyctl rotate) and import the statement",
                codeName: "expired"
            )
        }
        let end = standing == .retired ? "retired" : "revoked"
        throw RecipientError(
            message: "the key of \"\(name)\" was \(end), so nothing is encrypted for it",
            hint: "ask \(name) for a new key",
            codeName: end
        )
    }

    /// Recipients from a file: one a line, `#` begins a comment.
    mutating func recipients(inFile path: String) throws -> [any AgeRecipient] {
        let bytes = try DurableFile.read(path, limit: KeyFormats.largestByteCount)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AgeError.key("\(path) is not a list of recipients, because it is not text")
        }
        var recipients: [any AgeRecipient] = []
        // A byte order mark, which editors on Windows write, is no white space.
        for (index, line) in text.drop(while: { $0 == "\u{FEFF}" }).split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        ).enumerated() {
            let trimmed = String(
                line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
            )
            guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
            do { recipients += try self.recipients(trimmed) } catch {
                throw AgeError.key(
                    "line \(index + 1) of \(path) is not a recipient that can be used",
                    hint: (error as? any ReportableError)?.message
                )
            }
        }
        guard !recipients.isEmpty else { throw AgeError.key("\(path) holds no recipient") }
        return recipients
    }

    // MARK: Decrypting

    /// One's own keys that may open a file, each unlocked only when a stanza is for it.
    func ownIdentities(_ user: KeyName?, withRevoked: Bool) throws -> [StoredIdentity] {
        let records = try user.map { [try keystore.record($0)] } ?? keystore.records()
        return try records.flatMap { record -> [StoredIdentity] in
            let unlocking = Unlocking(record: record, keystore: keystore, global: global)
            return try record.identity.versions.reversed().compactMap { version in
                guard withRevoked || !version.isRevoked else { return nil }
                return try StoredIdentity(version, unlocking)
            }
        }
    }

    /// Whose keys the stanzas of a file name, as far as the registry tells.
    func names(of stanzas: [AgeStanza]) -> [String] {
        let byTag = versionsByTag()
        return stanzas.map { stanza in
            guard stanza.type == AgeSSHRSA.type, let tag = stanza.arguments.first else {
                return stanza.type == AgeScrypt.type
                    ? "a passphrase" : "somebody with a key of type \(stanza.type)"
            }
            guard let found = byTag[tag]?.first else { return "an RSA key that is not known here" }
            return "\(found.name), version \(found.version)"
        }
    }

    /// Every version that is known, by the tag that a stanza calls it by.
    ///
    /// Those of removed names, and from before a replacement, are among them.
    func versionsByTag() -> [String: [KnownVersion]] {
        var table: [String: [KnownVersion]] = [:]
        for identity in keystore.registry.state.all {
            for version in identity.former + identity.versions {
                guard let key = try? version.storedKey() else { continue }
                // Who has the key today comes before who had it.
                let holder = keystore.registry.state.identity(keyDER: version.keyDER)
                guard holder == nil || holder?.name == identity.name else { continue }
                table[AgeSSHRSA.tag(of: key), default: []].append(
                    KnownVersion(
                        name: identity.name,
                        version: version.number,
                        current: identity.active?.number,
                        isCurrent: identity.active?.keyDER == version.keyDER,
                        isTrusted: !version.isRevoked && !identity.isRemoved
                            && identity.version(version.number)?.keyDER == version.keyDER,
                        isRemoved: identity.isRemoved
                    )
                )
            }
        }
        return table
    }

    /// The error for a file that nothing here opens.
    func noMatch(_ header: AgeHeader, withRevoked: Bool) throws -> any Error {
        var names = names(of: header.stanzas)
        if names.count > Keyring.namedCount {
            let left = names.count - Keyring.namedCount
            names = names.prefix(Keyring.namedCount) + ["and \(left) more"]
        }
        let tags = Set(
            header.stanzas.filter { $0.type == AgeSSHRSA.type }.compactMap(\.arguments.first)
        )
        let revoked = try keystore.records().contains { record in
            record.identity.versions.contains { version in
                version.isRevoked
                    && (try? version.storedKey()).map(AgeSSHRSA.tag).map(tags.contains) == true
            }
        }
        return AgeError.noMatch(
            "none of your keys opens this file: it is for \(names.joined(separator: "; "))",
            hint: revoked && !withRevoked
                ? "a revoked key of yours may open it: add --with-revoked, and then run keyctl "
                    + "rewrap"
                : "use -i for a key file, or --home for another keystore"
        )
    }
}

/// A version that a stanza may be for.
struct KnownVersion: Equatable {
    let name: KeyName
    let version: Int
    /// The version that is in use.
    let current: Int?
    /// Whether it is the one in use.
    let isCurrent: Bool
    /// Whether nobody said that its holder is not to read on.
    let isTrusted: Bool
    /// Whether the name is in the registry no longer.
    let isRemoved: Bool
}

/// A recipient that must not be used.
struct RecipientError: ReportableError {
    let message: String
    let hint: String?
    let codeName: String
}

/// Opens an identity of the keystore at most once, when it is first needed.
final class Unlocking {
    let record: IdentityRecord
    private let keystore: Keystore
    private let global: GlobalOptions
    private var unlocked: UnlockedIdentity?

    init(record: IdentityRecord, keystore: Keystore, global: GlobalOptions) {
        self.record = record
        self.keystore = keystore
        self.global = global
    }

    func identity() throws -> UnlockedIdentity {
        if let unlocked { return unlocked }
        let opened = try global.unlock(record, in: keystore)
        unlocked = opened
        return opened
    }
}

/// One version of one's own identity, as something that opens files.
struct StoredIdentity: AgeIdentity {
    let name: String
    let keyName: KeyName
    let version: Int
    private let tag: String
    private let unlocking: Unlocking

    init(_ version: RegisteredVersion, _ unlocking: Unlocking) throws {
        let state =
            switch version.state {
            case .active: ""
            case .retired: " (retired)"
            case .revoked: " (REVOKED)"
            }
        keyName = unlocking.record.name
        self.version = version.number
        name = "\(keyName), version \(version.number)\(state)"
        tag = AgeSSHRSA.tag(of: try version.storedKey())
        self.unlocking = unlocking
    }

    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
        guard stanza.type == AgeSSHRSA.type, stanza.arguments == [tag],
            let key = try unlocking.identity().key(version: version)
        else { return nil }
        return try AgeSSHRSA.Identity(key, name: name).unwrap(stanza)
    }
}
