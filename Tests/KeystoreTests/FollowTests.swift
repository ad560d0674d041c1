import CryptoCore
import DurableFiles
import KeyFormats
import Keystore
import Registry
import TestSupport
import Testing

/// What others bring about one's own identities.
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

    /// The step of version 1 to another key.
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
        // A thief of the key of "work" claims that it began with key 4.
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
        // As if it had been killed between the registry and the identity's file.
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
