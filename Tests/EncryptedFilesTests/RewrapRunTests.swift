import AgeFiles
import CryptoCore
import DurableFiles
import EncryptedFiles
import Failures
import KeyFormats
import Keystore
import TestSupport
import Testing

/// Files that move from an old version to a new one, with a journal.
struct RewrapRunTests {
    private func rotate(_ world: inout FileWorld) throws {
        let record = try world.keystore.record(world.alice)
        let unlocked = try world.keystore.unlock(record, passphrase: nil)
        _ = try world.keystore.rotate(unlocked, to: FileWorld.keys[2])
    }

    private func changes(_ result: Result<Rewrapper.Outcome, any Error>) -> [String]? {
        guard case .success(.changed(let plan)) = result else { return nil }
        return plan.changes
    }

    @Test func `a file for an old version is wrapped for the new one, and bob still reads it`()
        throws
    {
        var world = try FileWorld()
        let path = try world.encrypt("the plan", for: ["alice", "bob"], as: "plan.age")
        try rotate(&world)
        let run = try RewrapRun(world.keystore, world.user)
        let order = try run.order(to: [], drop: [], isFresh: false, isHeaderOnly: false)
        var told: [[String]?] = []
        try run.begin(order, files: { [path] }, observer: { told.append(changes($1)) })
        #expect(told == [["alice: version 1 to 2"]])
        #expect(try world.decrypt(path, with: world.identities()) == "the plan")
        #expect(try world.decrypt(path, with: [world.bobsIdentity()]) == "the plan")
        #expect(!RewrapJournal.exists(in: world.keystore.home))
    }

    @Test func `a rehearsal changes nothing`() throws {
        var world = try FileWorld()
        let path = try world.encrypt("the plan", for: ["alice"], as: "plan.age")
        try rotate(&world)
        let before = try world.folder.read("plan.age")
        let run = try RewrapRun(world.keystore, world.user)
        var told: [[String]?] = []
        try run.rehearse(RewrapOrder(), files: [path]) { told.append(changes($1)) }
        #expect(told == [["alice: version 1 to 2"]])
        #expect(try world.folder.read("plan.age") == before)
    }

    @Test func `a file that cannot be rewrapped is told, and the others are done`() throws {
        var world = try FileWorld()
        let good = try world.encrypt("one", for: ["alice"], as: "good.age")
        let bad = try world.folder.write("bad.age", "age-encryption.org/v1\n-> broken")
        try rotate(&world)
        let run = try RewrapRun(world.keystore, world.user)
        var failed: [String] = []
        let observer: RewrapRun.Observer = { path, result in
            if case .failure = result { failed.append(path) }
        }
        try run.begin(RewrapOrder(), files: { [bad, good] }, observer: observer)
        #expect(failed == [bad])
        #expect(try world.decrypt(good, with: world.identities()) == "one")
    }

    @Test
    func `an interrupted run is resumed with its own order, and stands in the way of another`()
        throws
    {
        let world = try FileWorld()
        let paths = try ["one", "two"].map {
            try world.encrypt($0, for: ["alice", "bob"], as: "\($0).age")
        }
        var journal = try RewrapJournal(
            RewrapOrder(drop: [world.bob]),
            files: paths,
            home: world.keystore.home
        )
        try journal.finish(paths[0])
        let run = try RewrapRun(world.keystore, world.user)
        #expect(throws: EncryptedFileError.self) {
            try run.begin(RewrapOrder(), files: { paths }, observer: { (_, _) in })
        }
        var told: [String] = []
        try run.resume { path, _ in told.append(path) }
        #expect(told == [paths[1]])
        #expect(throws: AgeError.self) {
            _ = try world.decrypt(paths[1], with: [world.bobsIdentity()])
        }
        #expect(throws: EncryptedFileError.self) { try run.resume { _, _ in } }
    }

    @Test func `one home runs one rewrap at a time`() throws {
        let world = try FileWorld()
        let first = try RewrapRun(world.keystore, world.user)
        do {
            _ = try RewrapRun(world.keystore, world.user)
            Issue.record("a second rewrap began")
        } catch let error as EncryptedFileError { #expect(error.code == .failed) }
        _ = consume first
    }
}
