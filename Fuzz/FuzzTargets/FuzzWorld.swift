internal import CryptoCore

@testable import KeyFormats
@testable import Registry

/// The registry, the identities and the times of the seeds.
public struct FuzzWorld: Sendable {
    /// The time of all acts.
    ///
    /// Nothing depends on the machine's clock.
    static let start = Timestamp(seconds: 1_780_000_000)
    /// The time of all judgements, a day later.
    static let now = start.adding(seconds: 86_400)
    /// The secret key for age's own recipients.
    static let ageSecret: [UInt8] = Array(1...32)
    /// The lowest cost of scrypt that is read.
    static let scrypt: Scrypt.Parameters = {
        guard let costs = Scrypt.Parameters(cost: 2, blockSize: 8, parallelization: 1) else {
            preconditionFailure("the costs of the seeds are not allowed")
        }
        return costs
    }()

    /// The world of the targets, which is made once.
    static let shared: FuzzWorld = {
        do { return try FuzzWorld() } catch { preconditionFailure("no world: \(error)") }
    }()

    let ownerKey: PublicKey
    let aliceKey: PublicKey
    let bobKey: PublicKey
    /// The registry's lines in their order, at least one of each kind.
    let statements: [Statement]
    /// The state after all lines.
    let state: RegistryState
    /// The checkpoint over all lines.
    let note: [UInt8]
    /// alice's own statements.
    let aliceChain: [Statement]

    /// Makes the world; throws what the code throws that writes it.
    public init() throws {
        ownerKey = try PublicKey(FuzzKeys.owner.publicKey)
        aliceKey = try PublicKey(FuzzKeys.alice.publicKey)
        bobKey = try PublicKey(FuzzKeys.bob.publicKey)
        var log = Log()
        try log.addPeople(ownerKey, aliceKey, bobKey)
        aliceChain = try log.addChain(aliceKey)
        try log.addRevocations(bobKey)
        statements = log.statements
        state = log.state
        note = try FuzzWorld.note(log.statements.map(\.line))
    }

    /// The owner, who signs the checkpoints.
    var owner: RegistryOwner { RegistryOwner(ownerKey) }

    /// Returns a checkpoint over lines, signed by the owner.
    static func note(_ lines: [[UInt8]]) throws -> [UInt8] {
        var tree = MerkleTree()
        for line in lines { tree.append(SHA256Digest(hashing: [0] + line)) }
        return try note(tree)
    }

    /// Returns a checkpoint with the content of another one, signed by the owner.
    static func note(saying note: [UInt8]) throws -> [UInt8] {
        let claim = try Checkpoint.claim(in: note)
        return try self.note(MerkleTree(subtrees: [(claim.count, claim.root)]))
    }

    private static func note(_ tree: MerkleTree) throws -> [UInt8] {
        let owner = try PublicKey(FuzzKeys.owner.publicKey).identityID
        return try Checkpoint(owner: owner, tree: tree).note(signedBy: FuzzKeys.owner)
    }
}

/// The lines of a registry while they are added.
private struct Log {
    var statements: [Statement] = []
    var state = RegistryState()

    private mutating func add(_ act: Statement.Act) throws {
        try add(Statement(act, time: time))
    }

    private mutating func add(_ statement: Statement) throws {
        try state.apply(statement)
        statements.append(statement)
    }

    private var time: Timestamp { FuzzWorld.start.adding(seconds: statements.count) }

    mutating func addPeople(
        _ owner: PublicKey,
        _ alice: PublicKey,
        _ bob: PublicKey
    ) throws {
        let expiry = FuzzWorld.start.adding(try Lifetime("1y"))
        try add(.register(name: KeyName("server"), key: owner.spkiDER, expires: nil))
        try add(.assign(name: KeyName("server"), role: .server))
        try add(.register(name: KeyName("alice"), key: alice.spkiDER, expires: expiry))
        try add(.register(name: KeyName("bob"), key: bob.spkiDER, expires: nil))
        try add(.verify(name: KeyName("alice"), key: alice.fingerprint))
        try add(.unverify(name: KeyName("alice")))
        try add(.join(group: KeyName("friends"), name: KeyName("alice")))
        try add(.join(group: KeyName("friends"), name: KeyName("bob")))
        try add(.leave(group: KeyName("friends"), name: KeyName("bob")))
    }

    /// Adds alice's renewal, her logged signature and her rotation.
    mutating func addChain(_ alice: PublicKey) throws -> [Statement] {
        let id = alice.identityID
        func head() throws -> SHA256Digest { try state.known(KeyName("alice")).chainHead }
        var chain: [Statement] = []
        let renewal = try Amendment.statement(
            .renew(expires: nil),
            id: id,
            version: 1,
            previous: head(),
            key: FuzzKeys.alice,
            time: time
        )
        try add(renewal)
        chain.append(renewal)
        try add(
            LoggedSignature.statement(
                id: id,
                version: 1,
                digest: SHA256Digest(hashing: []),
                key: FuzzKeys.alice,
                time: time
            )
        )
        let rotation = try Rotation.statement(
            id: id,
            from: 1,
            previous: head(),
            old: FuzzKeys.alice,
            new: FuzzKeys.aliceNext,
            expires: nil,
            time: time
        )
        try add(rotation)
        chain.append(rotation)
        return chain
    }

    mutating func addRevocations(_ bob: PublicKey) throws {
        try add(
            Revocation.statement(
                id: bob.identityID,
                version: 1,
                key: FuzzKeys.bob,
                since: FuzzWorld.start,
                reason: "lost",
                time: time
            )
        )
        try add(
            .disown(name: KeyName("alice"), version: 1, since: nil, reason: "the owner's word")
        )
        try add(.remove(name: KeyName("bob")))
    }
}
