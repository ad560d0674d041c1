import CryptoCore
import Failures
import Foundation
import KeyFormats
import Registry
import TestSupport
import Testing

/// Hostile registries of other owners: they are refused with the line and the reason.
struct HostileRegistryTests {
    private static let keys = TestKeys.all
    private let now = Timestamp(seconds: 1_750_000_000)

    private func spki(_ index: Int) throws -> [UInt8] {
        try HostileRegistryTests.keys[index].publicKey.spkiDERRepresentation()
    }

    private func register(_ name: String, _ index: Int) throws -> [UInt8] {
        Statement(
            .register(name: try KeyName(name), key: try spki(index), expires: nil),
            time: now
        ).line
    }

    private func rotation(
        _ from: Int,
        _ old: Int,
        _ new: Int,
        previous: SHA256Digest,
        time: Timestamp? = nil
    ) throws -> Statement {
        try Rotation.statement(
            id: SHA256Digest(hashing: try spki(0)),
            from: from,
            previous: previous,
            old: HostileRegistryTests.keys[old],
            new: HostileRegistryTests.keys[new],
            expires: nil,
            time: time ?? now
        )
    }

    /// Makes a file with any lines, signed by its owner, key 5.
    private func file(_ lines: [[UInt8]]) throws -> RegistryFile {
        var tree = MerkleTree()
        for line in lines { tree.append(SHA256Digest(hashing: [0] + line)) }
        let checkpoint = Checkpoint(owner: SHA256Digest(hashing: try spki(5)), tree: tree)
        return RegistryFile(
            note: try checkpoint.note(signedBy: HostileRegistryTests.keys[5]),
            lines: lines
        )
    }

    private func owner() throws -> RegistryOwner {
        RegistryOwner(try PublicKey(HostileRegistryTests.keys[5].publicKey))
    }

    private func requireRefused(_ lines: [[UInt8]], says: [String]) throws {
        do {
            _ = try file(lines).verified(by: owner(), at: now)
            Issue.record("taken: \(says)")
        } catch let error as RegistryError {
            for text in says { #expect(error.message.contains(text), "\(error.message)") }
        }
    }

    @Test func `a line number out of bounds in a proof or a checkpoint is refused`() throws {
        let alice = try register("alice", 0)
        let note = try file([alice]).note
        func proof(_ index: String, note: [UInt8]) throws(RegistryError) -> RegistryProof {
            let text =
                "keyctl-proof v1\nname alice\ncheckpoint \(Base64.encode(note))\n"
                + "line \(index) -\n\(String(decoding: alice, as: UTF8.self))\n"
            return try RegistryProof(Array(text.utf8))
        }
        _ = try proof("0", note: note).verified(by: owner(), at: now)
        for index in ["1", "1099511627776"] {
            #expect(throws: RegistryError.self) {
                _ = try proof(index, note: note).verified(by: owner(), at: now)
            }
        }
        for index in ["9223372036854775807", "9223372036854775806", "-1", "1099511627777"] {
            #expect(throws: RegistryError.self) { _ = try proof(index, note: note) }
        }
        let whole = String(decoding: note, as: UTF8.self)
        for count in ["9223372036854775807", "1099511627777", "-1"] {
            let changed = Array(whole.replacing("\n1\n", with: "\n\(count)\n").utf8)
            #expect(throws: RegistryError.self) { _ = try Checkpoint.claim(in: changed) }
        }
    }

    @Test func `a proof of growth from an empty log is refused`() throws {
        let lines = [try register("alice", 0)]
        let (empty, grown) = (try file([]).note, try file(lines).note)
        func proof(_ old: [UInt8]) throws -> ConsistencyProof {
            let text =
                "keyctl-consistency v1\nold \(Base64.encode(old))\n"
                + "new \(Base64.encode(grown))\nproof -\n"
            return try ConsistencyProof(Array(text.utf8))
        }
        _ = try proof(grown).verified(by: owner())
        do {
            _ = try proof(empty).verified(by: owner())
            Issue.record("taken")
        } catch let error as RegistryError {
            #expect(error.message.contains("covers no lines"))
        }
    }

    @Test func `each kind of hostile line is named`() throws {
        let alice = try register("alice", 0)
        let id = SHA256Digest(hashing: try spki(0))
        let first = try rotation(1, 0, 1, previous: id)
        #expect(throws: Never.self) {
            _ = try file([alice, first.line]).verified(by: owner(), at: now)
        }

        let path = Array(
            String(decoding: alice, as: UTF8.self).replacing("alice", with: "../x").utf8
        )
        try requireRefused([path], says: ["line 1", "name is not a name"])
        try requireRefused([alice, register("alice", 1)], says: ["line 2", "the name is taken"])
        try requireRefused([alice, register("bob", 0)], says: ["line 2", "known under another"])
        let back = try rotation(2, 1, 0, previous: first.leafHash)
        try requireRefused([alice, first.line, back.line], says: ["line 3", "known already"])
        let forged = try rotation(2, 1, 2, previous: id)
        try requireRefused(
            [alice, first.line, forged.line],
            says: ["line 3", "continue its chain"]
        )
        let future = try rotation(1, 0, 1, previous: id, time: now.adding(seconds: 3_600))
        try requireRefused([alice, future.line], says: ["line 2", "in the future"])
        var unsigned = String(decoding: first.line, as: UTF8.self)
        let mark = try #require(unsigned.range(of: "old-signature="))
        unsigned.replaceSubrange(
            mark.upperBound..<unsigned.index(mark.upperBound, offsetBy: 4),
            with: "AAAA"
        )
        try requireRefused([alice, Array(unsigned.utf8)], says: ["line 2", "signature is wrong"])
        try requireRefused([alice, []], says: ["line 2"])
        try requireRefused([alice, alice + [0x20]], says: ["line 2"])
        let long = [UInt8](repeating: 0x61, count: Statement.largestByteCount + 1)
        try requireRefused([long], says: ["line 1", "too long"])
    }

    @Test func `two roots, another owner and too many lines are refused`() throws {
        let alice = try register("alice", 0)
        let honest = try file([alice])
        let other = try file([try register("alice", 1)])
        // The lines of one registry with the checkpoint of the other.
        #expect(throws: RegistryError.self) {
            _ = try RegistryFile(note: other.note, lines: honest.lines).verified(
                by: owner(),
                at: now
            )
        }
        let stranger = RegistryOwner(try PublicKey(HostileRegistryTests.keys[4].publicKey))
        #expect(throws: RegistryError.self) { _ = try honest.verified(by: stranger, at: now) }
        // Two histories, one after the other, into one mirror.
        let folder = try TemporaryFolder()
        var mirror = try RegistryMirror(path: folder.file("log"))
        _ = try mirror.take(honest.verified(by: owner(), at: now))
        do {
            _ = try mirror.take(other.verified(by: owner(), at: now))
            Issue.record("a fork was taken")
        } catch let error as RegistryError {
            #expect(error.code == .forkedLog)
        }
        #expect(try mirror.registry.lines(0..<1) == [alice])
        #expect(try RegistryMirror(path: folder.file("log")).note == honest.note)

        var flood = Array("keyctl-registry v1\ncheckpoint AAAA\n".utf8)
        for _ in 0...RegistryState.largestCount { flood += [0x78, 0x0a] }
        do {
            _ = try RegistryFile(flood)
            Issue.record("too many lines were taken")
        } catch {
            #expect(error.message.contains("more than \(RegistryState.largestCount) lines"))
        }
    }
}
