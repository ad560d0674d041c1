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

/// Whose a stanza is.
enum StanzaOwner: Equatable {
    /// A version of a name, which may be a removed one.
    case known(KnownVersion)
    /// A key that could be anybody's: an RSA key that is not known here, or cannot be told.
    case unknownKey
    /// A key of a kind that no name has.
    case otherKind
}

/// What becomes of one file: decided from its header, the registry and the order, without I/O.
struct RewrapPlan: Equatable {
    /// Stanzas that stay as they are, by index; none where the file key is fresh.
    var kept: [Int] = []
    /// People a stanza is made for.
    var added: [KeyName] = []
    /// What changes, for people.
    var changes: [String] = []
    /// Whether somebody who could read it is not to read on.
    var losesSomebody = false
    /// Whether the content is encrypted anew.
    var isFresh = false

    /// Whether nothing changes.
    var isCurrent: Bool { changes.isEmpty }

    /// Decides; throws `RewrapError` where the order cannot be carried out.
    ///
    /// `active` throws where a name has no version that can be used.
    init(
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
                // Whoever is dropped may be just this one.
                guard order.drop.isEmpty || owner == .otherKind else {
                    throw RewrapError.unknownRecipient
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
            // Whoever stole the old version has the old file key.
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
        else { throw RewrapError.unknownRecipient }
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
        message: "it is also encrypted for a key that is not known here, and a new file key "
            + "cannot be wrapped for it",
        hint: "name all recipients: --to NAME"
    )

    static let passphraseFile = RewrapError(
        message: "it is encrypted with a passphrase, and rewrap cannot keep a passphrase",
        hint: "name the recipients: --to NAME; or run keyctl decrypt, and then keyctl encrypt -p"
    )

    static let nobodyLeft = RewrapError(
        message: "no recipient would be left who can open it",
        hint: "name at least one recipient: --to NAME"
    )
}
