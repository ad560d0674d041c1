internal import AgeFiles
internal import CryptoCore
internal import KeyFormats
internal import Registry

/// What is asked of every file.
struct RewrapOrder: Equatable {
    /// Exactly these people; empty: whoever it is for now.
    var to: [KeyName] = []
    /// These people no longer.
    var drop: [KeyName] = []
    /// A fresh file key, whoever stays.
    var isFresh = false
    /// The old file key, whoever goes.
    var isHeaderOnly = false
}

/// A version of a name that a stanza is for.
struct StanzaOwner: Equatable {
    let name: KeyName
    let version: Int
    let isRevoked: Bool
}

/// What becomes of one file: decided from its header, the registry and the order, without I/O.
struct RewrapPlan: Equatable {
    /// Stanzas that stay as they are, by index; none where the file key is fresh.
    var kept: [Int] = []
    /// People a stanza is made for.
    var added: [KeyName] = []
    /// What changes, for people.
    var changes: [String] = []
    /// Whether the content is encrypted anew.
    var isFresh = false

    /// Whether nothing changes.
    var isCurrent: Bool { changes.isEmpty }

    /// Decides; throws `RewrapError` where the order cannot be carried out.
    ///
    /// `owners` says whose each stanza is, where that is known; `active` gives the version of a
    /// name that is in use.
    init(
        owners: [StanzaOwner?],
        order: RewrapOrder,
        active: (KeyName) throws -> Int
    ) throws {
        let names = owners.compactMap { $0?.name }
        let wanted = order.to.isEmpty ? names : order.to
        var targets: [KeyName] = []
        for name in wanted where !order.drop.contains(name) && !targets.contains(name) {
            targets.append(name)
        }
        var current: Set<KeyName> = []
        var losesSomebody = false
        for (index, owner) in owners.enumerated() {
            guard let owner else {
                // Somebody whose key is not known here stays, unless the order names everybody.
                if order.to.isEmpty {
                    kept.append(index)
                } else {
                    changes.append("without a recipient that is not known here")
                    losesSomebody = true
                }
                continue
            }
            guard targets.contains(owner.name) else {
                changes.append("without \(owner.name)")
                losesSomebody = true
                continue
            }
            let number = try active(owner.name)
            guard owner.version != number else {
                if current.insert(owner.name).inserted { kept.append(index) }
                continue
            }
            changes.append("\(owner.name): version \(owner.version) to \(number)")
            // Whoever stole the old version has the old file key.
            losesSomebody = losesSomebody || owner.isRevoked
        }
        added = targets.filter { !current.contains($0) }
        for name in added where !names.contains(name) {
            _ = try active(name)
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
        guard kept.allSatisfy({ owners[$0] != nil }) else { throw RewrapError.unknownRecipient }
        kept = []
        added = targets
        try requireRecipients()
    }

    private func requireRecipients() throws {
        guard !kept.isEmpty || !added.isEmpty else { throw RewrapError.nobodyLeft }
    }
}

/// A file that cannot be rewrapped as it was asked.
struct RewrapError: ReportableError {
    let message: String
    let hint: String?
    let codeName = "rewrap-refused"

    static let unknownRecipient = RewrapError(
        message: "it is also for somebody whose key is not known here, for whom a fresh file key "
            + "cannot be wrapped",
        hint: "name everybody it is to be for: --to NAME; or keep the file key: --header-only"
    )

    static let nobodyLeft = RewrapError(
        message: "nobody would be left who can open it",
        hint: "name somebody it is to be for: --to NAME"
    )
}
