import CryptoCore
import DurableFiles
import KeyFormats
import Registry
import TestSupport
import Testing

/// Following chains: the rules of docs/registry-format.md, each with a violation.
struct ChainTests {
    private static let keys = TestKeys.all
    private static let time = Timestamp(seconds: 1_750_000_000)
    private let alice: KeyName

    init() throws { alice = try KeyName("alice") }

    private func spki(_ index: Int) throws -> [UInt8] {
        try ChainTests.keys[index].publicKey.spkiDERRepresentation()
    }

    /// Returns an honest chain through the keys with these indices.
    private func chain(_ indices: [Int]) throws -> [Statement] {
        var statements: [Statement] = []
        let id = SHA256Digest(hashing: try spki(indices[0]))
        var previous = id
        for (number, pair) in zip(indices, indices.dropFirst()).enumerated() {
            let statement = try Rotation.statement(
                id: id,
                from: number + 1,
                previous: previous,
                old: ChainTests.keys[pair.0],
                new: ChainTests.keys[pair.1],
                expires: nil,
                time: ChainTests.time
            )
            statements.append(statement)
            previous = statement.leafHash
        }
        return statements
    }

    /// Returns the first renewal of a key, as version 1.
    private func renewal(_ index: Int) throws -> Statement {
        let id = SHA256Digest(hashing: try spki(index))
        return try Amendment.statement(
            .renew(expires: nil),
            id: id,
            version: 1,
            previous: id,
            key: ChainTests.keys[index],
            time: ChainTests.time
        )
    }

    private func registry(knowing index: Int) throws -> RegistryState {
        var state = RegistryState()
        try state.apply(
            Statement(
                .register(name: alice, key: spki(index), expires: nil),
                time: ChainTests.time
            )
        )
        return state
    }

    private func requireRefused(_ state: RegistryState, _ chain: [Statement]) {
        #expect(throws: RegistryError.self) { _ = try state.statementsToFollow(chain) }
    }

    @Test func `a chain is followed from whatever version is held`() throws {
        let whole = try chain([0, 1, 2, 3])
        for known in 0...3 {
            var state = try registry(knowing: known)
            for statement in try state.statementsToFollow(whole) { try state.apply(statement) }
            let identity = try state.known(alice)
            #expect(identity.active?.number == 4)
            #expect(identity.active?.keyDER == (try spki(3)))
            #expect(identity.id == SHA256Digest(hashing: try spki(0)))
            #expect(try state.statementsToFollow(whole).isEmpty)
        }
    }

    @Test func `removed, reordered, foreign and empty chains are refused`() throws {
        let whole = try chain([0, 1, 2, 3])
        let state = try registry(knowing: 0)
        requireRefused(state, [whole[0], whole[2]])
        requireRefused(state, [whole[1], whole[0], whole[2]])
        requireRefused(state, Array(whole.dropFirst()))
        requireRefused(state, [])
        requireRefused(try registry(knowing: 4), whole)
    }

    @Test func `a step that only one key signed is refused`() throws {
        let id = SHA256Digest(hashing: try spki(0))
        let honest = try chain([0, 1])[0]
        let text = String(decoding: honest.line, as: UTF8.self)
        let other = try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: ChainTests.keys[4],
            new: ChainTests.keys[1],
            expires: nil,
            time: ChainTests.time
        )
        // alice's old key in place of the one that signed.
        let forged = String(decoding: other.line, as: UTF8.self).replacing(
            "old=" + Base64.encode(try spki(4)),
            with: "old=" + Base64.encode(try spki(0))
        )
        #expect(forged != text)
        requireRefused(try registry(knowing: 0), [try Statement(line: Array(forged.utf8))])
    }

    @Test func `a second successor freezes the name and is not followed further`() throws {
        var state = try registry(knowing: 0)
        for statement in try state.statementsToFollow(chain([0, 1])) { try state.apply(statement) }
        for statement in try state.statementsToFollow(chain([0, 2])) { try state.apply(statement) }
        let identity = try state.known(alice)
        #expect(identity.fork != nil && identity.active == nil)
        requireRefused(state, try chain([0, 1, 3]))
    }

    @Test func `two successors are a fork, whatever beginning each claims for the key`() throws {
        // Keys 0 and 1 are alice's. A thief of the first hands out 5 → 0 → 4.
        let thief = try chain([5, 0, 4])
        var state = try registry(knowing: 0)
        for statement in try state.statementsToFollow(thief) { try state.apply(statement) }
        let freezing = try state.statementsToFollow(try chain([0, 1]))
        #expect(freezing.count == 1)
        for statement in freezing { try state.apply(statement) }
        #expect(try state.known(alice).fork != nil)
        #expect(try state.known(alice).active == nil)
        requireRefused(state, try chain([0, 1, 2]))
        // A registry that has alice's own step first refuses the thief's chain.
        var honest = try registry(knowing: 0)
        for statement in try honest.statementsToFollow(chain([0, 1])) {
            try honest.apply(statement)
        }
        requireRefused(honest, thief)
        // So does a registry that knows that the key has another beginning.
        var renewed = try registry(knowing: 0)
        let renewal = try self.renewal(0)
        for statement in try renewed.statementsToFollow([renewal]) { try renewed.apply(statement) }
        requireRefused(renewed, thief)
    }

    @Test func `a key's own word counts whatever becomes of the rest, and whatever its id`() throws
    {
        func revocation(_ index: Int, id: Int, version: Int) throws -> Statement {
            try Revocation.statement(
                id: SHA256Digest(hashing: spki(id)),
                version: version,
                key: ChainTests.keys[index],
                since: nil,
                reason: "",
                time: ChainTests.time
            )
        }
        // Bob took alice's first key as his own, before this registry knew it.
        var state = try registry(knowing: 1)
        let bob = try KeyName("bob")
        try state.apply(
            Statement(.register(name: bob, key: spki(4), expires: nil), time: ChainTests.time)
        )
        for statement in try state.statementsToFollow(chain([0, 4])) { try state.apply(statement) }
        let whole = try chain([0, 1])
        for statement in try state.statementsToFollow(whole) { try state.apply(statement) }
        #expect(try state.known(bob).fork != nil)
        let word = try revocation(1, id: 0, version: 2)
        requireRefused(state, whole + [word])
        for statement in state.following(whole + [word]).statements { try state.apply(statement) }
        #expect(try state.known(alice).latest.isRevoked)
        // A renewal, and the key's revocation by the id that it has elsewhere, in one file.
        var other = try registry(knowing: 1)
        let renewal = try self.renewal(1)
        for statement in try other.statementsToFollow([renewal, word]) {
            try other.apply(statement)
        }
        #expect(try other.known(alice).latest.isRevoked)
    }

    @Test func `a key from before a replacement is nobody else's beginning`() throws {
        var state = try registry(knowing: 0)
        try state.apply(
            Statement(.replace(name: alice, key: spki(1), expires: nil), time: ChainTests.time)
        )
        let bob = try KeyName("bob")
        try state.apply(
            Statement(.register(name: bob, key: spki(4), expires: nil), time: ChainTests.time)
        )
        requireRefused(state, try chain([0, 4]))
        // The same for a line in another owner's log.
        for statement in try chain([0, 4]) { try? state.apply(statement) }
        #expect(try state.known(bob).versions.count == 1)
    }

    @Test func `a stranger's statements about alice neither freeze nor move her`() throws {
        var state = try registry(knowing: 0)
        for statement in try state.statementsToFollow(chain([0, 1, 2])) {
            try state.apply(statement)
        }
        let id = SHA256Digest(hashing: try spki(0))
        for from in [1, 2, 3, 4] {
            let forged = try Rotation.statement(
                id: id,
                from: from,
                previous: id,
                old: ChainTests.keys[4],
                new: ChainTests.keys[5],
                expires: nil,
                time: ChainTests.time
            )
            requireRefused(state, [forged])
            #expect(throws: RegistryError.self) {
                var copy = state
                try copy.apply(forged)
                // No state is left behind.
                _ = try copy.statementsToFollow([forged])
            }
        }
        #expect(try state.known(alice).active?.number == 3)
    }

    @Test func `nobody's key is slipped into another's past`() throws {
        // The registry knows key 4 as alice. A forged chain claims key 0 as her first key.
        let state = try registry(knowing: 4)
        let id = SHA256Digest(hashing: try spki(0))
        let genuine = try chain([0, 1])
        let forged = try Rotation.statement(
            id: id,
            from: 9,
            previous: id,
            old: ChainTests.keys[5],
            new: ChainTests.keys[4],
            expires: nil,
            time: ChainTests.time
        )
        requireRefused(state, genuine + [forged])
        requireRefused(state, [forged])
        var replayed = state
        try replayed.apply(genuine[0])
        #expect(throws: RegistryError.self) { try replayed.apply(forged) }
    }

    @Test func `a revoked version leads nowhere, and an old one's revocation cuts nothing off`()
        throws
    {
        var state = try registry(knowing: 0)
        let whole = try chain([0, 1, 2])
        for statement in try state.statementsToFollow([whole[0]]) { try state.apply(statement) }
        let id = SHA256Digest(hashing: try spki(0))
        let old = try Revocation.statement(
            id: id,
            version: 1,
            key: ChainTests.keys[0],
            since: nil,
            reason: "",
            time: ChainTests.time
        )
        for statement in try state.statementsToFollow([old]) { try state.apply(statement) }
        #expect(try state.statementsToFollow(whole).count == 1)
        let own = try Revocation.statement(
            id: id,
            version: 2,
            key: ChainTests.keys[1],
            since: nil,
            reason: "lost",
            time: ChainTests.time
        )
        for statement in try state.statementsToFollow([own]) { try state.apply(statement) }
        requireRefused(state, whole)
        let wrong = try Revocation.statement(
            id: id,
            version: 2,
            key: ChainTests.keys[4],
            since: nil,
            reason: "",
            time: ChainTests.time
        )
        requireRefused(state, [wrong])
    }

    @Test func `a line has one spelling`() throws {
        let line = try chain([0, 1])[0].line
        #expect(try Statement(line: line).line == line)
        let text = String(decoding: line, as: UTF8.self)
        for changed in [
            text + " ", " " + text, text.replacing("rotate ", with: "rotate  "),
            text.replacing("from=1", with: "from=01"), text.replacing("from=1", with: "from=+1"),
            text.replacing("expires=-", with: "expires= "), text.replacing("id=", with: "ID="),
            text + "\r", text.replacing("rotate", with: "rotäte"), "",
        ] {
            #expect(throws: RegistryError.self) { _ = try Statement(line: Array(changed.utf8)) }
        }
    }
}
