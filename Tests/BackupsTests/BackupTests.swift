import AgeFiles
import Backups
import CryptoCore
import DurableFiles
import KeyFormats
import Keystore
import SecretShares
import TestSupport
import Testing

/// A home that is written into one file, and brought back.
struct BackupTests {
    private func keystore(_ folder: TemporaryFolder) throws -> Keystore {
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        for (index, name) in ["alice", "lock"].enumerated() {
            _ = try keystore.create(
                KeyName(name),
                key: TestKeys.all[index],
                protection: .none
            )
        }
        return keystore
    }

    private func passphrase(_ text: String) -> Passphrase {
        Passphrase(SecretBytes(copying: Array(text.utf8).borrowedBytes))
    }

    private func write(
        _ keystore: Keystore,
        to path: String,
        for recipient: any AgeRecipient
    ) throws -> Backup.Content {
        let output = try OutputFile(path, mode: 0o600, replacing: true)
        let content = try Backup.write(keystore, to: output, for: recipient)
        try output.commit()
        return content
    }

    private func restore(_ path: String, _ key: BackupKey, to home: String) throws -> [String] {
        try Backup.restore(AgeReader(InputFile(path)), with: key, to: Home(path: home))
            .identities.map(\.name)
    }

    @Test func `a backup comes back with the same keys, whatever they are called`() throws {
        let folder = try TemporaryFolder()
        let keystore = try keystore(folder)
        let recipient = AgeScrypt.Recipient(passphrase("one"), workFactor: 1)
        let content = try write(keystore, to: folder.file("b"), for: recipient)
        #expect(content.manifest.identities.map(\.name) == ["alice", "lock"])
        let key = BackupKey.passphrase { passphrase("one") }
        #expect(try restore(folder.file("b"), key, to: folder.file("new")) == ["alice", "lock"])
        let restored = try Keystore(home: Home(path: folder.file("new")))
        let record = try restored.record(KeyName("alice"))
        #expect(try restored.unlock(record, passphrase: nil).key(version: 1) != nil)
    }

    @Test func `a wrong passphrase and a changed file leave nothing behind`() throws {
        let folder = try TemporaryFolder()
        let keystore = try keystore(folder)
        let recipient = AgeScrypt.Recipient(passphrase("one"), workFactor: 1)
        _ = try write(keystore, to: folder.file("b"), for: recipient)
        #expect(throws: BackupError.self) {
            _ = try restore(
                folder.file("b"),
                .passphrase { passphrase("two") },
                to: folder.file("new")
            )
        }
        var bytes = try folder.read("b")
        bytes[bytes.count - 1] ^= 1
        try DurableFile.replace(folder.file("b"), with: bytes.borrowedBytes)
        #expect(throws: AgeError.self) {
            _ = try restore(
                folder.file("b"),
                .passphrase { passphrase("one") },
                to: folder.file("new")
            )
        }
        #expect(try DurableFile.names(in: folder.path).sorted() == ["b", "home"])
    }

    @Test func `any two of three sheets open a backup, one does not, nor do those of another key`()
        throws
    {
        let folder = try TemporaryFolder()
        let keystore = try keystore(folder)
        func sheets(_ name: String) throws -> AgeX25519.Recipient {
            try RecoverySheets.make(
                threshold: 2,
                count: 3,
                folder: folder.file(name),
                identities: []
            )
        }
        let recipient = try sheets("sheets")
        _ = try sheets("others")
        _ = try write(keystore, to: folder.file("b"), for: recipient)
        func key(_ name: String, _ numbers: [Int]) throws -> BackupKey {
            .shares(
                try numbers.map {
                    try RecoverySheets.share(folder.file("\(name)/share-\($0).txt"))
                }
            )
        }
        let names = try restore(
            folder.file("b"),
            key("sheets", [3, 3, 1, 2]),
            to: folder.file("new")
        )
        #expect(names == ["alice", "lock"])
        #expect(throws: SharesError.self) {
            _ = try restore(folder.file("b"), key("sheets", [1]), to: folder.file("newer"))
        }
        #expect(throws: BackupError.self) {
            _ = try restore(folder.file("b"), key("others", [1, 2]), to: folder.file("newer"))
        }
    }

    @Test func `keys are never replaced`() throws {
        let folder = try TemporaryFolder()
        let keystore = try keystore(folder)
        #expect(throws: BackupError.self) { try Backup.requireEmpty(keystore.home) }
        try Backup.requireEmpty(Home(path: folder.file("nothing")))
    }

    private func crafted(_ folder: TemporaryFolder, _ name: String) throws -> [String] {
        let home = try keystore(folder).home
        let input = try folder.write("program", "#!/bin/sh")
        let files = try HomeInventory(home).files + [(name, input)]
        let keystore = try Keystore(home: home)
        let manifest = BackupManifest(try keystore.records(), at: .now)
        let source = TarSource(
            head: (BackupManifest.name, manifest.encoded),
            files: files,
            limit: 1 << 20
        )
        let output = try OutputFile(folder.file("b"), mode: 0o600, replacing: true)
        let recipient = AgeScrypt.Recipient(passphrase("one"), workFactor: 1)
        try AgeFile.encrypt(source, to: output, for: [recipient])
        try output.commit()
        let key = BackupKey.passphrase { passphrase("one") }
        return try restore(folder.file("b"), key, to: folder.file("new"))
    }

    @Test(arguments: ["plugins/trusted", "plugins/keyctl-plugin-x", "kept-folders"])
    func `a backup brings no plugin and no kept folder`(name: String) throws {
        let folder = try TemporaryFolder()
        #expect(try crafted(folder, name) == ["alice", "lock"])
        #expect(!DurableFile.exists(folder.file("new/\(name)")))
        #expect(DurableFile.exists(folder.file("new/registry/log")))
    }

    @Test(arguments: ["x", ".profile", "identities/alice/x", "identities/a/b/identity"])
    func `a backup with a file that is no part of a home is refused`(name: String) throws {
        let folder = try TemporaryFolder()
        #expect(throws: BackupError.self) { _ = try crafted(folder, name) }
        #expect(!DurableFile.exists(folder.file("new")))
    }

    @Test func `what is not ours is left out and named`() throws {
        let folder = try TemporaryFolder()
        let home = try keystore(folder).home
        try folder.write("home/notes.doc", "mine")
        try folder.write("home/alice.pub", "handed out")
        try folder.write("home/identities/alice/draft", "x")
        let inventory = try HomeInventory(home)
        #expect(inventory.skipped.sorted() == ["identities/alice/draft", "notes.doc"])
        let names = inventory.files.map(\.name)
        #expect(names.contains("alice.pub"))
        #expect(names.contains("identities/lock/identity"))
        #expect(names.contains("registry/log"))
        #expect(!names.contains("lock"))
        #expect(!names.contains("registry/log.index"))
    }
}
