public import AgeFiles
internal import CryptoCore
internal import DurableFiles
internal import Failures
public import KeyFormats
public import Keystore
public import Registry

/// Finds recipients by a text: a name or group of the registry, a key as text, or a list in a file.
///
/// A command creates one for all recipients of a file, so that their keys share one budget of work.
public struct RecipientLookup {
    private let keystore: Keystore
    private let user: any UserDialogue
    // Created when the first key as text is examined.
    private var examination: KeyExamination?
    private var work = KeyWork.file

    /// Finds recipients in a keystore's registry; `user` receives warnings about weak keys.
    public init(_ keystore: Keystore, _ user: any UserDialogue) {
        self.keystore = keystore
        self.user = user
    }

    /// Returns the recipient of a registry name, or of a text of one of the recipient kinds.
    ///
    /// Throws if the text is neither, or if the key must not be used.
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

    /// Throws if a key is weak; all keys that are given as text share one budget of work.
    private mutating func requireStrong(_ key: PublicKey) throws {
        let examination = try self.examination ?? .standard(keystore)
        self.examination = examination
        try work.spend(on: [key], knownCount: examination.knownCount)
        try examination.requireStrong(key)
    }

    /// Throws if the registry has this key as revoked, or as another version than the one in use.
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

    /// Returns the recipients of a word: all members of a group, or one recipient.
    public mutating func recipients(_ text: String) throws -> [any AgeRecipient] {
        let group = (try? KeyName(text)).flatMap { keystore.registry.state.members(ofGroup: $0) }
        guard let group else { return [try recipient(text)] }
        return try group.map { try recipient($0) }
    }

    /// Returns the version in use of a name, as a recipient.
    public func recipient(_ name: KeyName) throws -> AgeSSHRSA.Recipient {
        let version = try activeVersion(name)
        let key = try version.storedKey()
        if (try? version.publicKey()) == nil {
            user.warn("the key of \"\(name)\" is weak, and was accepted with --allow-weak")
        }
        return AgeSSHRSA.Recipient(key, name: "\(name), version \(version.number)")
    }

    /// Returns the version in use of a name.
    ///
    /// Throws `EncryptedFileError` if there is none, or if it has expired.
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

    /// Reads recipients from a file: one per line, and comments after `#`.
    ///
    /// Throws `AgeError` with the number of the first line that is not a recipient.
    public mutating func recipients(inFile path: String) throws -> [any AgeRecipient] {
        let bytes = try DurableFile.read(path, limit: KeyFormats.largestByteCount)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AgeError.key("\(path) is not a list of recipients, because it is not text")
        }
        var recipients: [any AgeRecipient] = []
        // Editors on Windows write a byte order mark at the start. It does not count as white
        // space.
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
