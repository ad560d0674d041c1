internal import AgeFiles
internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Keystore
internal import Registry

/// Rewraps single files: reads the header, decides, and replaces the file atomically.
public struct Rewrapper {
    private let keystore: Keystore
    private let recipients: RecipientLookup
    private let identities: [any AgeIdentity]
    private let owners: StanzaOwners
    private let user: any UserDialogue

    /// The result for one file.
    public enum Outcome: Equatable, Sendable {
        /// The file is not in the age format.
        case otherFormat
        /// The file needs no change.
        case current
        /// The file was rewrapped by this plan, or would be.
        case changed(RewrapPlan)
    }

    /// Creates a rewrapper that opens files with the identities of a keystore.
    ///
    /// It also uses revoked versions, because their files are to be rewrapped for other keys.
    public init(_ keystore: Keystore, _ user: any UserDialogue) throws {
        self.keystore = keystore
        self.user = user
        recipients = RecipientLookup(keystore, user)
        identities = try StoredIdentity.all(
            in: keystore,
            of: nil,
            withRevoked: true,
            user: user
        )
        owners = StanzaOwners(keystore.registry.state)
    }

    /// Decides about one file and, unless `dryRun`, replaces it.
    ///
    /// Throws if the order cannot be carried out, or if the file cannot be opened or written. Then
    /// the file is unchanged.
    public func rewrap(_ path: String, _ order: RewrapOrder, dryRun: Bool) throws -> Outcome {
        let input = try InputFile(path)
        let reader: AgeReader
        do { reader = try AgeReader(input) } catch let error as AgeError where error.isOtherFormat {
            return .otherFormat
        }
        let stanzas = reader.header.stanzas
        let isPassphrase = reader.header.isForPassphrase
        // A file with a passphrase has no recipients that could change.
        if isPassphrase, order.to.isEmpty, !order.isFresh { return .current }
        guard !isPassphrase || !order.to.isEmpty else { throw EncryptedFileError.passphraseFile }
        let plan = try RewrapPlan(
            owners: isPassphrase ? [.otherKind] : stanzas.map(owners.owner),
            order: order,
            active: { _ = try recipients.activeVersion($0) }
        )
        guard !plan.isCurrent, !dryRun else { return plan.isCurrent ? .current : .changed(plan) }
        guard let opening = try reader.open(isPassphrase ? [passphrase(path)] : identities) else {
            throw try owners.noMatch(reader.header, in: keystore, withRevoked: true)
        }
        try write(input, reader, opening.fileKey.bytes, plan)
        return .changed(plan)
    }

    private func passphrase(_ path: String) -> any AgeIdentity {
        AgeScrypt.Identity { try user.passphrase(prompt: "Passphrase of \(path)") }
    }

    /// Returns the people of names: all members of a group, or one person.
    public func people(_ names: [KeyName]) -> [KeyName] {
        names.flatMap { keystore.registry.state.members(ofGroup: $0) ?? [$0] }
    }

    /// Throws if a name of the order is not known, before any file is read.
    public func require(_ order: RewrapOrder) throws {
        for name in order.to { _ = try recipients.activeVersion(name) }
        for name in order.drop where keystore.registry.state.identity(name) == nil {
            _ = try keystore.registry.state.known(name)
        }
    }

    private func write(
        _ input: InputFile,
        _ reader: AgeReader,
        _ fileKey: RawSpan,
        _ plan: RewrapPlan
    ) throws {
        let target = try DurableFile.resolved(input.name)
        let output = try OutputFile(
            target,
            mode: DurableFile.mode(of: target),
            replacing: true
        )
        let added = try plan.added.map { try recipients.recipient($0) as any AgeRecipient }
        let armor = reader.isArmored ? AgeArmorEncoder(output) : nil
        let sink: any ByteSink = armor ?? output
        if plan.isFresh {
            try AgeFile.encrypt(reader.decrypted(fileKey), to: sink, for: added)
        } else {
            let stanzas =
                try plan.kept.map { reader.header.stanzas[$0] }
                + added.map { try $0.wrap(fileKey) }
            try sink.write(AgeHeader(stanzas, fileKey: fileKey).encoded.borrowedBytes)
            try reader.copyPayload(to: sink)
        }
        try armor?.finish()
        try input.requireUnchanged()
        try output.commit()
        if let warning = output.warning { user.warn(warning.message, hint: warning.hint) }
    }
}
