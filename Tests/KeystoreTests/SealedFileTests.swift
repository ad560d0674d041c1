import CryptoCore
import DurableFiles
import KeyFormats
import Keystore
import Registry
import TestSupport
import Testing

struct SealedFileTests {
    private func passphrase(_ text: String) -> Passphrase {
        Passphrase(SecretBytes(copying: Array(text.utf8).borrowedBytes))
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `changing any byte of the sealed file makes opening fail`() throws {
        let folder = try TemporaryFolder()
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        let secret = passphrase("correct horse")
        let record = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            protection: .passphrase(secret, .floor)
        )
        _ = try keystore.unlock(record, passphrase: secret)
        let path = folder.file("home/identities/alice/sealed.1")
        let sealed = try DurableFile.read(path, limit: 1 << 20)
        let body = sealed.count - 700  // the header, and the start of the body
        for index in sealed.indices where index < body || index.isMultiple(of: 13) {
            var changed = sealed
            changed[index] ^= 1
            try DurableFile.replace(path, with: changed.borrowedBytes)
            #expect(throws: (any Error).self, "byte \(index)") {
                _ = try keystore.unlock(record, passphrase: secret)
            }
        }
        try DurableFile.replace(path, with: sealed.borrowedBytes)
        _ = try keystore.unlock(record, passphrase: secret)
        #expect(throws: KeystoreError.self) {
            _ = try keystore.unlock(record, passphrase: passphrase("wrong"))
        }
    }

    @Test func `rotate is followed without a passphrase, passwd is not`() throws {
        let folder = try TemporaryFolder()
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        let secret = passphrase("one")
        let record = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            protection: .passphrase(secret, .floor)
        )
        let held = try keystore.unlock(record, passphrase: secret)
        _ = try keystore.rotate(keystore.reopen(held), to: TestKeys.all[1])
        let followed = try keystore.reopen(held)
        #expect(followed.record.identity.active?.number == 2)
        #expect(try followed.key(version: 1) != nil)
        #expect(try followed.key(version: 2) != nil)
        _ = try keystore.reseal(followed, protection: .passphrase(passphrase("two"), .floor))
        #expect(throws: KeystoreError.self) { _ = try keystore.reopen(followed) }
        #expect(throws: KeystoreError.self) {
            _ = try keystore.rotate(followed, to: TestKeys.all[2])  // made from an old state
        }
    }

    @Test func `what a crash left is healed, and old sealed files go`() throws {
        let folder = try TemporaryFolder()
        let home = Home(path: folder.file("home"))
        var keystore = try Keystore(home: home)
        let record = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            protection: .none
        )
        let log = try DurableFile.read(home.registryPath, limit: 1 << 20)
        let old = try DurableFile.read(
            folder.file("home/identities/alice/sealed.1"),
            limit: 1 << 20
        )
        _ = try keystore.rotate(keystore.unlock(record, passphrase: nil), to: TestKeys.all[1])
        // As after a kill right after the identity file was renamed.
        try DurableFile.replace(home.registryPath, with: log.borrowedBytes)
        let stale = folder.file("home/identities/alice/sealed.1")
        try DurableFile.replace(stale, with: old.borrowedBytes)
        let healed = try Keystore(home: home)
        #expect(try healed.registry.state.known(KeyName("alice")).active?.number == 2)
        #expect(!DurableFile.exists(stale))
        #expect(healed.unfollowed.isEmpty)
    }

    @Test func `a registry that knows another history is told of, and bricks nothing`() throws {
        let folder = try TemporaryFolder()
        let home = Home(path: folder.file("home"))
        var keystore = try Keystore(home: home)
        let record = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            protection: .none
        )
        let elsewhere = try Rotation.statement(
            id: record.identity.id,
            from: 1,
            previous: record.identity.id,
            old: TestKeys.all[0],
            new: TestKeys.all[3],
            expires: nil,
            time: .now
        )
        try keystore.changeRegistry("test") { try $0.statementsToFollow([elsewhere]) }
        let again = try Keystore(home: home)
        #expect(again.unfollowed.map(\.description) == ["alice"])
        #expect(try again.records().count == 1)
    }
}
