public import KeyFormats

/// The changes in one file, decided from its header, the registry and the order, without I/O.
public struct RewrapPlan: Equatable, Sendable {
    /// The indices of the stanzas that stay unchanged; empty with a new file key.
    public private(set) var kept: [Int] = []
    /// The names for which a new stanza is made.
    public private(set) var added: [KeyName] = []
    /// The changes, as texts for the user.
    public private(set) var changes: [String] = []
    /// Whether a recipient who could read the file is dropped, or had a key that is no longer
    /// trusted.
    public private(set) var losesSomebody = false
    /// Whether the content is encrypted again, with a new file key.
    public private(set) var isFresh = false

    /// Whether the file needs no change.
    public var isCurrent: Bool { changes.isEmpty }

    /// Decides; throws `EncryptedFileError` if the order cannot be carried out.
    ///
    /// `owners` are the owners of the file's stanzas, in their order. `active` throws if a name has
    /// no version that can be used.
    public init(
        owners: [StanzaOwner],
        order: RewrapOrder,
        active: (KeyName) throws -> Void
    ) throws {
        let known = owners.compactMap { owner in
            if case .known(let version) = owner { version } else { nil }
        }
        let names = known.map(\.name)
        let wanted = order.to.isEmpty ? known.filter { !$0.isRemoved }.map(\.name) : order.to
        var targets: [KeyName] = []
        for name in wanted where !order.drop.contains(name) && !targets.contains(name) {
            targets.append(name)
        }
        var current: Set<KeyName> = []
        for (index, owner) in owners.enumerated() {
            guard case .known(let version) = owner else {
                // The unknown recipient may be one that the order drops.
                guard order.drop.isEmpty || owner == .otherKind else {
                    throw EncryptedFileError.unknownRecipient
                }
                // An unknown recipient stays, unless `to` names all recipients.
                if order.to.isEmpty {
                    kept.append(index)
                } else {
                    changes.append("without a recipient that is not known here")
                    losesSomebody = true
                }
                continue
            }
            guard targets.contains(version.name) else {
                changes.append("without \(version.name)")
                losesSomebody = true
                continue
            }
            try active(version.name)
            guard !version.isCurrent else {
                if current.insert(version.name).inserted { kept.append(index) }
                continue
            }
            changes.append(
                "\(version.name): version \(version.version) to \(version.current ?? 0)"
            )
            // An attacker who has the old private key may have the old file key.
            losesSomebody = losesSomebody || !version.isTrusted
        }
        added = targets.filter { !current.contains($0) }
        for name in added where !names.contains(name) {
            try active(name)
            changes.append("with \(name)")
        }
        if order.isFresh { changes.append("a fresh file key") }
        guard !changes.isEmpty else { return }
        isFresh = (order.isFresh || losesSomebody) && !order.isHeaderOnly
        guard isFresh else {
            try requireRecipients()
            return
        }
        // With a new file key, each stanza is made again. That is possible only for known
        // recipients.
        guard
            kept.allSatisfy({ index in
                if case .known = owners[index] { true } else { false }
            })
        else { throw EncryptedFileError.unknownRecipient }
        kept = []
        added = targets
        try requireRecipients()
    }

    private func requireRecipients() throws {
        guard !kept.isEmpty || !added.isEmpty else { throw EncryptedFileError.nobodyLeft }
    }
}
