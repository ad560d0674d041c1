public import KeyFormats

/// What becomes of one file: decided from its header, the registry and the order, without I/O.
public struct RewrapPlan: Equatable, Sendable {
    /// Stanzas that stay as they are, by index; none where the file key is fresh.
    public private(set) var kept: [Int] = []
    /// People a stanza is made for.
    public private(set) var added: [KeyName] = []
    /// What changes, for people.
    public private(set) var changes: [String] = []
    /// Whether somebody who could read it is not to read on.
    public private(set) var losesSomebody = false
    /// Whether the content is encrypted anew.
    public private(set) var isFresh = false

    /// Whether nothing changes.
    public var isCurrent: Bool { changes.isEmpty }

    /// Decides; throws `EncryptedFileError` where the order cannot be carried out.
    ///
    /// `owners` are those of the file's stanzas, in their order. `active` throws where a name has no
    /// version that can be used.
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
                // This unknown recipient may be the one to drop.
                guard order.drop.isEmpty || owner == .otherKind else {
                    throw EncryptedFileError.unknownRecipient
                }
                // Somebody whose key is not known here stays, unless the order names everybody.
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
            // A thief of the old version can have the old file key.
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
        // Under a fresh key every stanza is made anew.
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
