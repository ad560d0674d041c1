public import KeyFormats

/// The limits of a chain.
extension RegistryState {
    /// The largest number of rotations and amendments in one chain.
    ///
    /// The owner cannot add another one.
    public static let largestChainCount = 1_000
    /// The largest size of these as lines, in bytes, so that a file with them and with revocations
    /// can be read.
    public static let largestChainByteCount = 3 << 20
    /// The largest number of statements that are read as one chain, including revocations and
    /// logged signatures.
    ///
    /// A full chain with a revocation of every version fits.
    static let largestStatementCount = 2 * largestChainCount + 1
    /// How far the clock of another machine may be ahead, in seconds.
    public static let toleratedSeconds = 300

    /// Returns whether a chain may have this many rotations and amendments.
    static func hasRoom(forSteps count: Int) -> Bool { count <= largestChainCount }

    /// Checks that an identity's own chain has room for one more rotation or amendment.
    ///
    /// Throws `RegistryError` if it has not: other registries would refuse the whole chain.
    /// Revocations stand beside the chain and always have room.
    package static func requireRoom(
        for statement: Statement,
        after chain: [Statement],
        of name: KeyName
    ) throws(RegistryError) {
        guard !statement.isAboutOneVersion else { return }
        let steps = chain.filter { !$0.isAboutOneVersion } + [statement]
        let byteCount = steps.reduce(0) { $0 + $1.line.count + 1 }
        guard hasRoom(forSteps: steps.count), byteCount <= largestChainByteCount else {
            throw RegistryError.fullChain(name, count: steps.count - 1)
        }
    }

    /// Throws `RegistryError` if a chain of another identity has too many statements to be read.
    static func requireReadable(_ chain: [Statement]) throws(RegistryError) {
        guard hasRoom(forSteps: chain.count { !$0.isAboutOneVersion }),
            chain.count <= largestStatementCount
        else { throw RegistryError.brokenChain("the chain is too long") }
    }
}

extension Statement {
    /// Returns whether the statement's time is later than another machine's clock may be.
    ///
    /// Such a statement counts nowhere.
    public func isFromTheFuture(at now: Timestamp) -> Bool {
        time > now.adding(seconds: RegistryState.toleratedSeconds)
    }
}
