import CryptoCore
import DurableFiles
import Failures
import KeyFormats
import KeyOperations
import Keystore
import Registry
import TestSupport
import Testing

/// Statements of other people about the user's own identities.
struct FollowTests {
    private static let keys = TestKeys.all

    private func keystore(
        _ folder: TemporaryFolder,
        _ names: [String],
        isPending: Bool = false
    ) throws -> Keystore {
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        for (index, name) in names.enumerated() {
            _ = try keystore.create(
                KeyName(name),
                key: FollowTests.keys[index],
                isPending: isPending,
                protection: .none
            )
        }
        return keystore
    }

    private func id(_ index: Int) throws -> SHA256Digest {
        try PublicKey(FollowTests.keys[index].publicKey).identityID
    }

    /// Returns the rotation of version 1 to another key.
    private func step(_ index: Int, to next: Int) throws -> Statement {
        try Rotation.statement(
            id: id(index),
            from: 1,
            previous: id(index),
            old: FollowTests.keys[index],
            new: FollowTests.keys[next],
            expires: nil,
            time: .now
        )
    }

    private func revocation(_ index: Int, at time: Timestamp = .now) throws -> Statement {
        try Revocation.statement(
            id: id(index),
            version: 1,
            key: FollowTests.keys[index],
            since: nil,
            reason: "",
            time: time
        )
    }

    @Test
    func `nobody gives one's own identity another beginning, not behind another's revocation`()
        throws
    {
        let folder = try TemporaryFolder()
        var keystore = try keystore(folder, ["alice", "work"])
        // A thief of the key of "work" claims that its first key was key 4.
        let step = try self.step(4, to: 1)
        #expect(throws: RegistryError.self) { try keystore.follow([step], as: "import") }
        let taken = try keystore.follow([step, revocation(0)], as: "import")
        #expect(taken.statements.count == 1 && taken.refusal?.code == .brokenChain)
        #expect(try keystore.registry.state.known(KeyName("work")).id == id(1))
        #expect(try keystore.registry.state.known(KeyName("alice")).latest.isRevoked)
        #expect(try keystore.record(KeyName("alice")).identity.latest.isRevoked)
        #expect(try Keystore(home: keystore.home).unfollowed.isEmpty)
    }

    @Test func `a full chain takes a revocation and nothing else`() throws {
        let folder = try TemporaryFolder()
        let name = try KeyName("alice")
        var keystore = try keystore(folder, ["alice"])
        let before = keystore.registry.state
        var text = try DurableFile.read(
            "\(keystore.home.path)/identities/alice/identity",
            limit: 1 << 20
        )
        var previous = try id(0)
        for _ in 0..<RegistryState.largestChainCount {
            let renewal = try Amendment.statement(
                .renew(expires: nil),
                id: id(0),
                version: 1,
                previous: previous,
                key: FollowTests.keys[0],
                time: .now
            )
            text += renewal.line + [UInt8(ascii: "\n")]
            previous = renewal.leafHash
        }
        try DurableFile.replace(
            "\(keystore.home.path)/identities/alice/identity",
            with: text.borrowedBytes
        )
        keystore = try Keystore(home: keystore.home)
        #expect(try keystore.registry.state.known(name).chainHead == previous)
        let unlocked = try keystore.unlock(keystore.record(name), passphrase: nil)
        func requireFull(_ change: () throws -> Void) {
            do {
                try change()
                Issue.record("taken")
            } catch let error as RegistryError {
                #expect(error.message.contains("is full"))
            } catch { Issue.record(error) }
        }
        requireFull { _ = try keystore.amend(unlocked, .renew(expires: nil)) }
        requireFull { _ = try keystore.amend(unlocked, .retire) }
        requireFull { _ = try keystore.rotate(unlocked, to: FollowTests.keys[1]) }
        let prepared = try keystore.prepare(unlocked, next: FollowTests.keys[1], expires: nil)
        let reopened = try keystore.unlock(prepared, passphrase: nil)
        requireFull { _ = try keystore.promote(reopened) }
        let revoked = try keystore.revoke(reopened, version: 1, since: nil, reason: "")
        #expect(revoked.chain.count == RegistryState.largestChainCount + 1)
        #expect(try before.statementsToFollow(revoked.chain).count == revoked.chain.count)
    }

    @Test func `of several revocations of a key the strictest is handed out`() throws {
        let folder = try TemporaryFolder()
        let name = try KeyName("alice")
        var keystore = try keystore(folder, ["alice"])
        let before = keystore.registry.state
        let first = Timestamp.now
        for days: Int64 in [1, 5, 3] {
            let unlocked = try keystore.unlock(keystore.record(name), passphrase: nil)
            let since = Timestamp(seconds: first.seconds - days * 86_400)
            _ = try keystore.revoke(unlocked, version: 1, since: since, reason: "\(days)")
        }
        let record = try keystore.record(name)
        #expect(record.chain.count == 3 && record.handedOut == [record.chain[1]])
        #expect(try before.statementsToFollow(record.handedOut).count == 1)
    }

    @Test func `a use whose entry cannot be written is entered by the next use`() throws {
        let folder = try TemporaryFolder()
        let keystore = try keystore(folder, ["alice"])
        let unlocked = try keystore.unlock(keystore.record(KeyName("alice")), passphrase: nil)
        let lock = keystore.audit.path + ".lock"
        try DurableFile.remove(lock)
        try DurableFile.makeFolder(lock)
        let key = try unlocked.requireKey(version: 1)
        _ = try key.sign(.statement([1]))
        try DurableFile.removeEmpty(lock)
        #expect(try !keystore.audit.verified().entries.contains { $0.event == "use" })
        _ = try key.sign(.statement([1]))
        _ = try unlocked.requireKey(version: 1).sign(.statement([1]))
        #expect(try keystore.audit.verified().entries.count { $0.event == "use" } == 1)
    }

    @Test func `a chain that costs too much is followed step by step`() throws {
        let folder = try TemporaryFolder()
        var keystore = try keystore(folder, [])
        let key = try PublicKey(FollowTests.keys[0].publicKey)
        try keystore.changeRegistry("import") { state in
            try state.statementsToImport(key, as: KeyName("bob"), replacing: false, at: .now)
        }
        // One statement is examined however many keys are known. Then the budget is used up.
        var first = KeyWork.login
        let largeRegistry = 50_000_000
        let isExamined = first.canExamine([key], knownCount: largeRegistry)
        let isNextExamined = first.canExamine([key], knownCount: 0)
        #expect(isExamined && !isNextExamined)
        // A budget for two more keys and their comparisons.
        var work = KeyWork.login
        let comparisonsPerUnit = 512
        let isSpent = work.canExamine([key], knownCount: comparisonsPerUnit * 1_020)
        #expect(isSpent)
        let two = try step(0, to: 1)
        let second = try Rotation.statement(
            id: id(0),
            from: 2,
            previous: two.leafHash,
            old: FollowTests.keys[1],
            new: FollowTests.keys[2],
            expires: nil,
            time: .now
        )
        let third = try Rotation.statement(
            id: id(0),
            from: 3,
            previous: second.leafHash,
            old: FollowTests.keys[2],
            new: FollowTests.keys[3],
            expires: nil,
            time: .now
        )
        let chain = [two, second, third]
        let begun = try keystore.follow(chain, as: "follow", work: work)
        #expect(begun.statements == [two, second] && begun.refusal?.code == .tooMuchWork)
        let ended = try keystore.follow(chain, as: "follow", work: work)
        #expect(ended.statements == [third] && ended.refusal == nil)
    }

    @Test func `a word from the future counts nowhere`() throws {
        let folder = try TemporaryFolder()
        var keystore = try keystore(folder, ["alice"])
        let later = try revocation(0, at: Timestamp.now.adding(seconds: 86_400))
        #expect(throws: RegistryError.self) { try keystore.follow([later], as: "import") }
        #expect(try keystore.record(KeyName("alice")).identity.active != nil)
        #expect(try keystore.registry.state.known(KeyName("alice")).active != nil)
    }

    @Test func `a revoked key is not promoted, though its registry never heard of it`() throws {
        let folder = try TemporaryFolder()
        var keystore = try keystore(folder, ["alice"], isPending: true)
        #expect(try keystore.follow([revocation(0)], as: "import").statements.count == 1)
        #expect(try keystore.follow([revocation(0)], as: "import").statements.isEmpty)
        let record = try keystore.record(KeyName("alice"))
        #expect(throws: KeystoreError.self) { _ = try keystore.promote(record) }
    }

    @Test func `a crash before the identity's file leaves a key that signs no more`() throws {
        let folder = try TemporaryFolder()
        var keystore = try keystore(folder, ["alice"])
        let path = "home/identities/alice/identity"
        let before = try folder.read(path)
        let step = try self.step(0, to: 1)
        let taken = try keystore.follow([step, revocation(0)], as: "import")
        #expect(taken.statements.count == 2 && taken.refusal == nil)
        #expect(try keystore.record(KeyName("alice")).identity.active == nil)
        #expect(try keystore.registry.state.known(KeyName("alice")).active?.number == 2)
        // As after a kill between writing the registry and the identity's file.
        try folder.write(path, String(decoding: before, as: UTF8.self))
        var healed = try Keystore(home: keystore.home)
        #expect(try healed.record(KeyName("alice")).identity.active == nil)
        #expect(throws: KeystoreError.self) {
            _ = try healed.record(KeyName("alice")).signingVersion(at: .now)
        }
        #expect(try healed.follow([step, revocation(0)], as: "import").statements.count == 1)
        #expect(try folder.read(path) != before)
        #expect(try healed.registry.state.known(KeyName("alice")).active?.number == 2)
    }
}
