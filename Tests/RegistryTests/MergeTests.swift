import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// What somebody else's registry adds to one's own, and what differs between two.
struct MergeTests {
    private static let keys = TestKeys.all
    private static let owner = 5
    private let now = Timestamp(seconds: 1_750_000_000)

    private func spki(_ index: Int) throws -> [UInt8] {
        try MergeTests.keys[index].publicKey.spkiDERRepresentation()
    }

    private func register(_ name: String, _ index: Int) throws -> Statement {
        Statement(
            .register(name: try KeyName(name), key: try spki(index), expires: nil),
            time: now
        )
    }

    /// The first step of a key's chain.
    private func rotation(_ old: Int, to new: Int) throws -> Statement {
        let id = SHA256Digest(hashing: try spki(old))
        return try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: MergeTests.keys[old],
            new: MergeTests.keys[new],
            expires: nil,
            time: now
        )
    }

    private func revocation(_ index: Int) throws -> Statement {
        try Revocation.statement(
            id: SHA256Digest(hashing: try spki(index)),
            version: 1,
            key: MergeTests.keys[index],
            since: nil,
            reason: "lost",
            time: now
        )
    }

    private func state(_ statements: [Statement]) throws -> RegistryState {
        var state = RegistryState()
        for statement in statements { try state.apply(statement) }
        return state
    }

    /// A registry whose owner signed these statements.
    private func signed(_ statements: [Statement]) throws -> VerifiedRegistry {
        var tree = MerkleTree()
        for statement in statements { tree.append(statement.leafHash) }
        let checkpoint = Checkpoint(
            owner: SHA256Digest(hashing: try spki(MergeTests.owner)),
            tree: tree
        )
        let owner = try PublicKey(MergeTests.keys[MergeTests.owner].publicKey)
        return try RegistryFile(
            note: checkpoint.note(signedBy: MergeTests.keys[MergeTests.owner]),
            lines: statements.map(\.line)
        ).verified(by: RegistryOwner(owner), at: now)
    }

    /// Merges, and gives the state that results.
    private func merge(
        _ theirs: [Statement],
        into ours: [Statement],
        own: Set<KeyName> = []
    ) throws -> (merge: RegistryMerge, state: RegistryState) {
        var merge = RegistryMerge(try signed(theirs), isOwn: own, compromised: .published)
        var state = try state(ours)
        for statement in try merge.statements(for: state, at: now) { try state.apply(statement) }
        return (merge, state)
    }

    @Test func `an unknown name comes with its whole chain`() throws {
        let alice = try KeyName("alice")
        let (merge, state) = try merge([register("alice", 0), rotation(0, to: 1)], into: [])
        #expect(merge.registered == [alice])
        #expect(merge.moved.isEmpty && merge.refused.isEmpty)
        #expect(state.identity(alice)?.active?.number == 2)
        #expect(state.identity(alice)?.active?.keyDER == (try spki(1)))
    }

    @Test func `a known name moves along, and a second merge adds nothing`() throws {
        let theirs = try [register("alice", 0), rotation(0, to: 1)]
        let merged = try merge(theirs, into: [register("alice", 0)])
        var merge = merged.merge
        #expect(merge.moved == [try KeyName("alice")])
        #expect(merge.registered.isEmpty)
        #expect(try merge.statements(for: merged.state, at: now).isEmpty)
        #expect(merge.moved.isEmpty)
    }

    @Test func `another key for a known name is refused and told`() throws {
        let (merge, state) = try merge([register("alice", 1)], into: [register("alice", 0)])
        #expect(merge.refused.map(\.name) == [try KeyName("alice")])
        #expect(state.identity(try KeyName("alice"))?.latest.keyDER == (try spki(0)))
    }

    @Test func `one's own names stay as they are`() throws {
        let alice = try KeyName("alice")
        let theirs = try [register("alice", 0), rotation(0, to: 1), revocation(0)]
        let (merge, state) = try merge(theirs, into: [register("alice", 0)], own: [alice])
        #expect(merge.moved.isEmpty && merge.revoked.isEmpty)
        #expect(state.identity(alice)?.active?.number == 1)
    }

    @Test func `a revocation that the key signed is taken, and the version is named`() throws {
        let theirs = try [register("bob", 1), revocation(1)]
        let (merge, state) = try merge(theirs, into: [register("alice", 1)])
        #expect(merge.revoked.map(\.identity.name) == [try KeyName("alice")])
        #expect(merge.revoked.map(\.version.number) == [1])
        #expect(state.isRevoked(keyDER: try spki(1)))
        #expect(state.identity(try KeyName("bob")) == nil)
    }

    @Test func `a name that its owner's registry removed is not taken over`() throws {
        let bob = try KeyName("bob")
        let theirs = try [
            register("bob", 1), Statement(.remove(name: bob), time: now),
        ]
        let (merge, state) = try merge(theirs, into: [])
        #expect(merge.registered.isEmpty && merge.refused.isEmpty)
        #expect(state.identity(bob) == nil)
    }

    // MARK: Difference

    private func changes(_ old: [Statement], _ new: [Statement]) throws -> [String] {
        RegistryDifference(from: try state(old), to: try state(new), at: now)
            .changes.map { "\($0.name): \($0.what)" }
    }

    @Test func `two states that hold the same keys do not differ`() throws {
        let statements = try [register("alice", 0), rotation(0, to: 1)]
        #expect(try changes(statements, statements).isEmpty)
    }

    @Test func `every kind of change has its words`() throws {
        let alice = try register("alice", 0)
        let name = try KeyName("alice")
        #expect(try changes([], [alice]) == ["alice: added, active"])
        #expect(try changes([alice], []) == ["alice: not there"])
        #expect(
            try changes([alice], [alice, rotation(0, to: 1)])
                == ["alice: rotated, version 1 to 2"]
        )
        #expect(try changes([alice], [register("alice", 1)]) == ["alice: REPLACED by another key"])
        #expect(
            try changes([alice], [alice, revocation(0)]) == ["alice: active, now revoked"]
        )
        let admin = Statement(.assign(name: name, role: .admin), time: now)
        #expect(try changes([alice], [alice, admin]) == ["alice: role admin"])
        let expiring = Statement(
            .register(name: name, key: try spki(0), expires: now.adding(seconds: 60)),
            time: now
        )
        #expect(try changes([alice], [expiring]).first?.hasPrefix("alice: expires 20") == true)
    }

    @Test func `a statement in words names its subject`() throws {
        let state = try state([register("alice", 0)])
        #expect(try register("alice", 0).summary(in: state).hasPrefix("register alice SHA256:"))
        #expect(
            try revocation(0).summary(in: state) == "revoke alice version 1, by itself: lost"
        )
        #expect(try rotation(0, to: 1).summary(in: state).hasPrefix("rotate alice to version 2"))
    }
}
