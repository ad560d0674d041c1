internal import AgeFiles
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// Rewraps one file after the other: reads its header, decides, and replaces it atomically.
struct Rewrapper {
    private let keyring: Keyring
    private let identities: [any AgeIdentity]
    private let ownersByTag: [String: [KnownVersion]]
    private let global: GlobalOptions

    /// What became of a file.
    enum Outcome {
        /// It is no file of the age format.
        case otherFormat
        /// Nothing had to change.
        case current
        /// It was, or would be, rewrapped so.
        case changed(RewrapPlan)
    }

    init(_ global: GlobalOptions, _ keystore: Keystore) throws {
        self.global = global
        keyring = try Keyring(global, in: keystore)
        // Moving files away from a revoked key is what this is for.
        identities = try keyring.ownIdentities(nil, withRevoked: true)
        ownersByTag = keyring.versionsByTag()
    }

    func rewrap(_ path: String, _ order: RewrapOrder, dryRun: Bool) throws -> Outcome {
        let input = try InputFile(path)
        let reader: AgeReader
        do { reader = try AgeReader(input) } catch let error as AgeError where error.isOtherFormat {
            return .otherFormat
        }
        let stanzas = reader.header.stanzas
        let isPassphrase = stanzas[0].type == AgeScrypt.type
        // Nobody's key is in it.
        if isPassphrase, order.to.isEmpty, !order.isFresh { return .current }
        guard !isPassphrase || !order.to.isEmpty else { throw RewrapError.passphraseFile }
        let plan = try RewrapPlan(
            owners: isPassphrase ? [.otherKind] : stanzas.map(owner),
            order: order,
            active: { _ = try keyring.activeVersion($0) }
        )
        guard !plan.isCurrent, !dryRun else { return plan.isCurrent ? .current : .changed(plan) }
        guard let opening = try reader.open(isPassphrase ? [passphrase(path)] : identities) else {
            throw try keyring.noMatch(reader.header, withRevoked: true)
        }
        try write(input, reader, opening.fileKey.bytes, plan)
        return .changed(plan)
    }

    private func passphrase(_ path: String) -> any AgeIdentity {
        AgeScrypt.Identity { try global.passphrase(prompt: "Passphrase of \(path)") }
    }

    private func owner(of stanza: AgeStanza) -> StanzaOwner {
        guard stanza.type == AgeSSHRSA.type else { return .otherKind }
        guard let tag = stanza.arguments.first, let found = ownersByTag[tag], found.count == 1
        else { return .unknownKey }
        return .known(found[0])
    }

    /// The people that names stand for: everybody of a group, or one.
    func people(_ names: [KeyName]) -> [KeyName] {
        names.flatMap { keyring.keystore.registry.state.members(ofGroup: $0) ?? [$0] }
    }

    /// Throws where a name of the order leads nowhere, before any file is looked at.
    func require(_ order: RewrapOrder) throws {
        for name in order.to { _ = try keyring.activeVersion(name) }
        for name in order.drop where keyring.keystore.registry.state.identity(name) == nil {
            _ = try keyring.keystore.registry.state.known(name)
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
        let recipients = try plan.added.map { try keyring.recipient($0) as any AgeRecipient }
        let armor = reader.isArmored ? AgeArmorEncoder(output) : nil
        let sink: any ByteSink = armor ?? output
        if plan.isFresh {
            try AgeFile.encrypt(reader.decrypted(fileKey), to: sink, for: recipients)
        } else {
            let stanzas =
                try plan.kept.map { reader.header.stanzas[$0] }
                + recipients.map { try $0.wrap(fileKey) }
            try sink.write(AgeHeader(stanzas, fileKey: fileKey).encoded.borrowedBytes)
            try reader.copyPayload(to: sink)
        }
        try armor?.finish()
        try input.requireUnchanged()
        try output.commitAndWarn()
    }
}
