import CryptoCore
import DurableFiles
import Failures
import KeyFormats
import Keystore
import TestSupport
import Testing

/// What is due, and what the doctor finds, without a process.
struct DueTests {
    private func keystore(
        _ folder: TemporaryFolder,
        expires: Timestamp? = nil,
        policy: RotationPolicy = .none
    ) throws -> Keystore {
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        _ = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            expires: expires,
            policy: policy,
            protection: .none
        )
        return keystore
    }

    private func kinds(_ keystore: Keystore, until time: Timestamp) throws -> [String] {
        try keystore.dueItems(of: keystore.record(KeyName("alice")), until: time).map(\.kind)
    }

    @Test func `nothing is due without a policy and a date`() throws {
        let folder = try TemporaryFolder()
        let later = Timestamp.now.adding(seconds: 1 << 30)
        #expect(try kinds(keystore(folder), until: later).isEmpty)
    }

    @Test func `a date and a policy are due from their moments on`() throws {
        let folder = try TemporaryFolder()
        let expires = Timestamp.now.adding(seconds: 1_000)
        let keystore = try keystore(
            folder,
            expires: expires,
            policy: RotationPolicy(rotateEvery: Lifetime("90d"), keep: nil)
        )
        #expect(try kinds(keystore, until: expires.adding(seconds: -1)).isEmpty)
        #expect(try kinds(keystore, until: expires) == ["expires"])
        let quarter = Timestamp.now.adding(seconds: 91 * 86_400)
        #expect(try kinds(keystore, until: quarter) == ["rotate", "expires"])
    }

    @Test func `a destroyed key is due to leave the sealed file after its grace period`() throws {
        let folder = try TemporaryFolder()
        var keystore = try keystore(folder)
        let record = try keystore.record(KeyName("alice"))
        let unlocked = try keystore.unlock(record, passphrase: nil)
        let rotated = try keystore.rotate(unlocked, to: TestKeys.all[1])
        let gone = Timestamp.now.adding(seconds: 600)
        _ = try keystore.destroy(1, of: rotated, at: gone)
        #expect(try kinds(keystore, until: gone.adding(seconds: -1)).isEmpty)
        #expect(try kinds(keystore, until: gone) == ["purge"])
    }

    // MARK: Doctor

    private func codes(_ keystore: Keystore, at time: Timestamp = .now) throws -> [String] {
        try keystore.findings(foreignFiles: [], at: time).map(\.code)
    }

    @Test func `a keystore that is well has no findings`() throws {
        let folder = try TemporaryFolder()
        #expect(try codes(keystore(folder)).isEmpty)
        let foreign = try keystore(folder: folder).findings(foreignFiles: ["x"], at: .now)
        #expect(foreign.map(\.code) == ["foreign-file"])
    }

    private func keystore(folder: TemporaryFolder) throws -> Keystore {
        try Keystore(home: Home(path: folder.file("home")))
    }

    @Test func `an expired key, a left journal and a damaged sealed file are found`() throws {
        let folder = try TemporaryFolder()
        let expires = Timestamp.now.adding(seconds: 60)
        let keystore = try keystore(folder, expires: expires)
        #expect(try codes(keystore, at: expires) == ["expired"])
        let journal = keystore.home.rewrapJournalPath
        try DurableFile.create(journal, with: Array("x".utf8).borrowedBytes)
        #expect(try codes(keystore) == ["unfinished-rewrap"])
        try DurableFile.remove(journal)
        try DurableFile.remove(folder.file("home/identities/alice/sealed.1"))
        #expect(try codes(keystore).count == 1)
    }

    @Test func `files that others may read are found, but not those that are handed out`() throws {
        let folder = try TemporaryFolder()
        let home = try keystore(folder).home
        #expect(home.looseFiles().isEmpty)
        let content = Array("x".utf8)
        for name in ["audit.log", "alice.pub"] {
            try DurableFile.replace(
                folder.file("home/\(name)"),
                with: content.borrowedBytes,
                mode: DurableFile.publicMode
            )
        }
        #expect(home.looseFiles().map(\.code) == ["unsafe-permissions"])
    }

    @Test func `private keys of other programs are found, and large files are counted`() throws {
        let folder = try TemporaryFolder()
        let key = try TestKeys.all[0].pkcs1DERRepresentation().publicBytes
        let pem = PEM.encode(key, label: "RSA PRIVATE KEY")
        try folder.write("key.pem", pem)
        try folder.write("config.yml", "key: \"" + pem.replacing("\n", with: "\\n") + "\"")
        try folder.write("talk.txt", "-----BEGIN RSA PRIVATE KEY----- begins a key")
        try folder.write(
            "large",
            String(repeating: "x", count: StrayKeyScan.largestKeyByteCount + 1)
        )
        let scan = try StrayKeyScan(below: folder.path)
        #expect(scan.findings.map(\.code) == ["stray-private-key", "stray-private-key"])
        #expect(scan.largeFileCount == 1)
        #expect(throws: FileError.self) { _ = try StrayKeyScan(below: folder.file("nothing")) }
    }
}
