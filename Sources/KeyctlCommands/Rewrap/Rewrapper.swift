internal import AgeFiles
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// Rewraps one file after the other: reads its header, decides, and replaces it atomically.
struct Rewrapper {
    private let keyring: Keyring
    private let identities: [any AgeIdentity]
    private let ownersByTag: [String: [(name: KeyName, version: RegisteredVersion)]]
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

    init(_ global: GlobalOptions) throws {
        self.global = global
        keyring = try Keyring(global)
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
        if isPassphrase, order.to.isEmpty { return .current }  // nobody's key is in it
        let plan = try RewrapPlan(
            owners: isPassphrase ? [nil] : stanzas.map(owner),
            order: order,
            active: { try keyring.activeVersion($0).number }
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

    private func owner(of stanza: AgeStanza) -> StanzaOwner? {
        guard stanza.type == AgeSSHRSA.type, let tag = stanza.arguments.first,
            let found = ownersByTag[tag], found.count == 1
        else { return nil }
        return StanzaOwner(
            name: found[0].name,
            version: found[0].version.number,
            isRevoked: found[0].version.isRevoked
        )
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
        try output.commit()
    }
}
