import CryptoCore
import DurableFiles
import Foundation
import KeyFormats
import KeySync
import Registry
import TestSupport
import Testing

/// A folder of files for other programs.
struct SyncTests {
    private static let keys = TestKeys.all
    private static let time = Timestamp(seconds: 1_750_000_000)

    private func registry(_ names: [String]) throws -> RegistryState {
        var state = RegistryState()
        for (index, name) in names.enumerated() {
            let key = try SyncTests.keys[index].publicKey.spkiDERRepresentation()
            try state.apply(
                Statement(
                    .register(name: KeyName(name), key: key, expires: nil),
                    time: SyncTests.time
                )
            )
        }
        return state
    }

    private func revoke(_ index: Int, in state: inout RegistryState) throws {
        let key = try PublicKey(SyncTests.keys[index].publicKey)
        try state.apply(
            Revocation.statement(
                id: key.identityID,
                version: 1,
                key: SyncTests.keys[index],
                since: nil,
                reason: "",
                time: SyncTests.time
            )
        )
    }

    private func files(_ state: RegistryState, group: KeyName? = nil) throws -> [SyncedFile] {
        let keys = try ExportedKeys(state, group: group, at: SyncTests.time)
        return try RegistryExporters.all.flatMap { try $0.files(keys) }
    }

    private func bring(
        _ sync: SyncFolder,
        _ files: [SyncedFile],
        home: String = "/home",
        dryRun: Bool = false
    ) throws -> SyncFolder.Outcome {
        let kinds = Set(RegistryExporters.ids)
        return try sync.bring(home: home, of: kinds, dryRun: dryRun) { (files, files.count) }
    }

    private func text(_ path: String, in files: [SyncedFile]) throws -> String {
        let file = try #require(files.first { $0.path == path })
        return String(decoding: file.content, as: UTF8.self)
    }

    @Test func `keys in use are in every file, a revoked one only among the revoked`() throws {
        var state = try registry(["alice", "bob"])
        let before = try files(state)
        let places = before.map { String($0.path.prefix { $0 != "/" }) }
        #expect(Set(places) == Set(RegistryExporters.ids))
        try revoke(1, in: &state)
        let after = try files(state)
        #expect(try text("authorized_keys", in: before).contains(" bob\n"))
        #expect(try !text("authorized_keys", in: after).contains(" bob\n"))
        #expect(try text("authorized_keys", in: after).contains(" alice\n"))
        #expect(!after.contains { $0.path == "pem/bob.pem" })
        #expect(before[0].path == "revoked_keys")
        #expect(before[0].content != after[0].content)
    }

    @Test func `a group chooses its members, and must be there`() throws {
        var state = try registry(["alice", "bob"])
        let team = try KeyName("team")
        #expect(throws: KeySyncError.self) { _ = try files(state, group: team) }
        try state.apply(
            Statement(.join(group: team, name: KeyName("bob")), time: SyncTests.time)
        )
        #expect(try files(state, group: team).filter { $0.path.hasPrefix("pem/") }.count == 1)
    }

    @Test func `only what changed is written, and what is not wanted any more goes`() throws {
        let folder = try TemporaryFolder()
        let sync = SyncFolder(folder.file("out"))
        var state = try registry(["alice", "bob"])
        let first = try bring(sync, files(state), dryRun: false)
        #expect(first.written.count == 9)
        let second = try bring(sync, files(state), dryRun: false)
        #expect(second.written.isEmpty && second.unchanged.count == 9)
        try revoke(1, in: &state)
        let rehearsed = try bring(sync, files(state), dryRun: true)
        let third = try bring(sync, files(state), dryRun: false)
        #expect(rehearsed == third)
        #expect(third.removed == ["pem/bob.pem", "ssh/bob.pub"])
        #expect(third.unchanged == ["pem/alice.pem", "ssh/alice.pub"])
    }

    @Test func `a file of another program is left alone, and all others are written`() throws {
        let folder = try TemporaryFolder()
        try folder.write("authorized_keys", "mine")
        let sync = SyncFolder(folder.path)
        let wanted = try files(registry(["alice"]))
        #expect(throws: KeySyncError.self) { _ = try bring(sync, wanted) }
        #expect(try folder.read("authorized_keys") == Array("mine".utf8))
        let revoked = try text("revoked_keys", in: wanted)
        #expect(try folder.read("revoked_keys") == Array(revoked.utf8))
        // The folder does not count as up to date.
        #expect(sync.lineCount(of: "/home") == 0)
    }

    @Test func `a folder of another home is refused`() throws {
        let folder = try TemporaryFolder()
        let sync = SyncFolder(folder.path)
        let wanted = try files(registry(["alice"]))
        _ = try bring(sync, wanted)
        #expect(sync.lineCount(of: "/home") == wanted.count)
        #expect(sync.lineCount(of: "/other") == nil)
        #expect(throws: KeySyncError.self) { _ = try bring(sync, [], home: "/other") }
        #expect(try folder.read("authorized_keys").count > 0)
    }

    @Test func `nothing is written or removed through a link`() throws {
        let folder = try TemporaryFolder()
        let outside = try TemporaryFolder()
        try outside.write("id_rsa", "mine")
        try folder.write(".keyctl-sync", "keyctl-sync v2\nregistry 1 L2hvbWU=\nssh/id_rsa\n")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("ssh"),
            withDestinationPath: outside.path
        )
        let sync = SyncFolder(folder.path)
        #expect(throws: KeySyncError.self) { _ = try bring(sync, []) }
        #expect(throws: KeySyncError.self) {
            _ = try bring(sync, files(registry(["alice"])))
        }
        #expect(try outside.read("id_rsa") == Array("mine".utf8))
    }

    @Test(arguments: [
        "keyctl-sync v2\nregistry 1 Lw==\n../x\n", "keyctl-sync v2\nregistry 1 Lw==\n/x\n",
        "keyctl-sync v2\nregistry 1 Lw==\na/../../x\n", "keyctl-sync v2\nregistry -1 Lw==\n",
        "keyctl-sync v2\n", "keyctl-sync v1\nx\n", "keyctl-sync v3\n", "something\n",
    ])
    func `a list that leads out of the folder is refused`(list: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(".keyctl-sync", list)
        #expect(throws: (any Error).self) {
            _ = try bring(SyncFolder(folder.path), [])
        }
    }

    @Test func `a revoked key is named in allowed_signers, for no namespace`() throws {
        var state = try registry(["alice", "bob"])
        try revoke(1, in: &state)
        let lines = try text("allowed_signers", in: files(state)).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("bob ") }.count == 1)
        #expect(lines.contains { $0.hasPrefix("bob namespaces=\"!*\" ssh-rsa ") })
        #expect(lines.contains { $0.hasPrefix("alice ssh-rsa ") })
    }

    @Test func `kept folders survive being written, and a damaged list is refused`() throws {
        let folder = try TemporaryFolder()
        let kept = KeptFolders(path: folder.file("kept-folders"))
        #expect(try kept.all().isEmpty)
        let group = try KeyName("team")
        let all = try #require(KeptFolder(path: folder.file("a b"), group: nil, only: []))
        let some = try #require(KeptFolder(path: "/c", group: group, only: ["ssh", "pem"]))
        try kept.add(some)
        try kept.add(all)
        #expect(try kept.all() == [some, all])
        try kept.add(some)
        #expect(try kept.all() == [all, some])
        let removed = try (kept.remove("/c"), kept.remove("/c"))
        #expect(removed == (true, false))
        #expect(KeptFolder(path: "relative", group: nil, only: []) == nil)
        #expect(KeptFolder(path: "/a\nb", group: nil, only: []) == nil)

        try kept.add(#require(KeptFolder(path: "/c", group: group, only: [])))
        // The registry is read when a folder is updated; one that shows its lines is left alone.
        let registry = try Registry(path: folder.file("log"))
        let first = try kept.update(home: "/home", lineCount: 0) { registry }
        #expect(first.map(\.folder.path) == ["/c"])
        let written = try #require(KeptFolder(path: folder.file("a b"), group: nil, only: []))
        #expect(!written.isStale(home: "/home", lineCount: 0))
        #expect(written.isStale(home: "/home", lineCount: 1))

        let damaged = Array("keyctl-kept-folders v1\nx\n".utf8)
        try DurableFile.replace(folder.file("kept-folders"), with: damaged.borrowedBytes)
        #expect(throws: KeySyncError.self) { _ = try kept.all() }
    }
}
