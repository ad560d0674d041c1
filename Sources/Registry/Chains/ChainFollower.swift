internal import CryptoCore
internal import KeyFormats

/// Follows one chain from what a registry knows: collects the statements that are new to it.
///
/// `RegistryState.statementsToFollow` makes one for each chain, and gives it the statements in
/// order. Each refusal is an error that ends the chain.
struct ChainFollower {
    private var state: RegistryState
    private var known: RegisteredIdentity?
    private var walk: ChainWalk
    private let isAlone: Bool
    private var added: [Statement] = []
    // Statements about versions that a later step of the chain may introduce.
    private var waiting: [Statement] = []
    private var isAboutKnownKey = false
    // Statements after a fork do not count before a person has decided about it.
    private var isFork = false

    init(_ registry: RegistryState, _ chain: [Statement]) throws(RegistryError) {
        known = registry.identity(inChain: chain)
        guard known != nil || ChainFollower.hasRevocation(of: registry, chain) else {
            throw RegistryError.unknownChain
        }
        state = registry
        walk = ChainWalk(chain)
        isAlone = chain.count == 1
    }

    // Apart from `init`, and a loop: the optimizer of Swift 6.3 fails on the same check inlined there.
    @inline(never)
    private static func hasRevocation(of registry: RegistryState, _ chain: [Statement]) -> Bool {
        for statement in chain where registry.revokesKnownKey(statement) { return true }
        return false
    }

    mutating func take(_ statement: Statement) throws(RegistryError) {
        try walk.take(statement)
        // A key may revoke itself wherever it stands.
        if state.revokesKnownKey(statement) {
            isAboutKnownKey = true
            if try state.learns(statement) { try add(statement) }
            return
        }
        if let id = walk.id, let current = state.identity(id: id) { known = current }
        guard let known, !isFork else { return }
        if known.id != statement.identityID, statement.isAboutOneVersion {
            waiting.append(statement)
            return
        }
        guard try state.adds(statement, to: known, isAlone: isAlone) else { return }
        try add(statement)
        isFork = known.fork == nil && state.identity(known.name)?.fork != nil
    }

    /// Returns the new statements.
    ///
    /// A chain that begins before the known version counts only if it leads to that version.
    mutating func finish() throws(RegistryError) -> [Statement] {
        if isFork { return added }
        for statement in waiting {
            guard let known = statement.identityID.flatMap({ state.identity(id: $0) }),
                try state.adds(statement, to: known, isAlone: false)
            else { continue }
            try add(statement)
        }
        let isRevocationAlone = isAboutKnownKey && added.allSatisfy { $0.isAboutOneVersion }
        guard isRevocationAlone || walk.id.flatMap({ state.identity(id: $0) }) != nil else {
            throw RegistryError.brokenChain("it does not lead to the key that is known here")
        }
        return added
    }

    private mutating func add(_ statement: Statement) throws(RegistryError) {
        try state.apply(statement)
        added.append(statement)
    }
}
