internal import AgeFiles
internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Keystore
internal import Registry

/// Rewraps one file after the other: reads its header, decides, and replaces it atomically.
public struct Rewrapper {
    private let keystore: Keystore
    private let recipients: RecipientLookup
    private let identities: [any AgeIdentity]
    private let owners: StanzaOwners
    private let user: any UserDialogue

    /// What became of a file.
    public enum Outcome: Equatable, Sendable {
        /// It is no file of the age format.
        case otherFormat
        /// Nothing had to change.
        case current
        /// It was, or would be, rewrapped so.
        case changed(RewrapPlan)
    }

    /// Opens files with the identities of a keystore, revoked ones too: moving files away from a
    /// revoked key is a reason to rewrap them.
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
    /// Throws where the order cannot be carried out, or the file cannot be opened or written; the
    /// file is then as before.
    public func rewrap(_ path: String, _ order: RewrapOrder, dryRun: Bool) throws -> Outcome {
        let input = try InputFile(path)
        let reader: AgeReader
        do { reader = try AgeReader(input) } catch let error as AgeError where error.isOtherFormat {
            return .otherFormat
        }
        let stanzas = reader.header.stanzas
        let isPassphrase = reader.header.isForPassphrase
        // Nobody's key is in it.
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

    /// The people that names stand for: all members of a group, or one person.
    public func people(_ names: [KeyName]) -> [KeyName] {
        names.flatMap { keystore.registry.state.members(ofGroup: $0) ?? [$0] }
    }

    /// Throws where a name of the order leads nowhere, before any file is looked at.
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
