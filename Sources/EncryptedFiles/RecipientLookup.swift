public import AgeFiles
internal import CryptoCore
internal import DurableFiles
internal import Failures
public import KeyFormats
public import Keystore
public import Registry

/// Finds the recipients that a text names: names and groups of the registry, keys that are written
/// out, lists in files.
///
/// A command makes one for all recipients of a file, so that they share one budget of work.
public struct RecipientLookup {
    private let keystore: Keystore
    private let user: any UserDialogue
    // Made once, by the first key that is written out.
    private var examination: KeyExamination?
    private var work = KeyWork.file

    /// Finds recipients in a keystore's registry; `user` is warned of weak keys.
    public init(_ keystore: Keystore, _ user: any UserDialogue) {
        self.keystore = keystore
        self.user = user
    }

    /// A recipient by registry name, or by a text of one of the recipient kinds.
    ///
    /// Throws where the text is neither, or where the key must not be used.
    public mutating func recipient(_ text: String) throws -> any AgeRecipient {
        guard !RecipientKinds.beginsIdentity(Array(text.utf8).borrowedBytes) else {
            throw AgeError.secretAsRecipient
        }
        guard let kind = RecipientKinds.kind(ofRecipient: text) else {
            return try recipient(KeyName(text))
        }
        return try judged(kind.recipient(text))
    }

    /// The recipients whose files identities open; `path` is where they come from, in messages.
    ///
    /// Throws `AgeError` where an identity has no recipient, and where a key must not be used.
    public mutating func recipients(
        of identities: [any AgeIdentity],
        from path: String
    ) throws -> [any AgeRecipient] {
        try identities.map { identity in
            guard let recipient = try identity.makeRecipient() else {
                throw AgeError.key("\(path) holds an identity that nothing can be encrypted for")
            }
            return try judged(recipient)
        }
    }

    private mutating func judged(_ recipient: any AgeRecipient) throws -> any AgeRecipient {
        if let key = recipient.rsaKey {
            try requireStrong(key)
            try requireInUse(key)
        }
        return recipient
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
            throw EncryptedFileError.revoked(key.fingerprint)
        }
        guard let known = state.identity(keyDER: key.spkiDER), !known.isRemoved else { return }
        let active = try activeVersion(known.name)
        guard active.keyDER == key.spkiDER else {
            throw EncryptedFileError.oldVersion(key.fingerprint, of: known.name)
        }
    }

    /// The recipients that a word stands for: all members of a group, or one recipient.
    public mutating func recipients(_ text: String) throws -> [any AgeRecipient] {
        let group = (try? KeyName(text)).flatMap { keystore.registry.state.members(ofGroup: $0) }
        guard let group else { return [try recipient(text)] }
        return try group.map { try recipient($0) }
    }

    /// The version of a name that is in use, as a recipient.
    public func recipient(_ name: KeyName) throws -> AgeSSHRSA.Recipient {
        let version = try activeVersion(name)
        let key = try version.storedKey()
        if (try? version.publicKey()) == nil {
            user.warn("the key of \"\(name)\" is weak, and was accepted with --allow-weak")
        }
        return AgeSSHRSA.Recipient(key, name: "\(name), version \(version.number)")
    }

    /// The version of a name that is in use.
    ///
    /// Throws `EncryptedFileError` where there is none, or where its date has passed.
    public func activeVersion(_ name: KeyName) throws -> RegisteredVersion {
        let state = keystore.registry.state
        let identity = try state.known(name)
        if let frozen = state.frozenError(identity) { throw frozen }
        let latest = identity.latest
        let standing = identity.standing(of: latest, for: .encrypt, at: .now)
        guard !KeyUse.encrypt.allows(standing) else { return latest }
        if case .expired(let expires) = standing {
            throw EncryptedFileError.expired(name, at: expires)
        }
        throw EncryptedFileError.ended(name, isRetired: standing == .retired)
    }

    /// Recipients from a file: one a line, `#` begins a comment.
    ///
    /// Throws `AgeError` with the number of a line that names no recipient.
    public mutating func recipients(inFile path: String) throws -> [any AgeRecipient] {
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
}
