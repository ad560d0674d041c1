import CryptoCore
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
        let kinds = Set(RegistryExporters.ids)
        var state = try registry(["alice", "bob"])
        let first = try sync.bring(to: files(state), of: kinds, dryRun: false)
        #expect(first.written.count == 7)
        let second = try sync.bring(to: files(state), of: kinds, dryRun: false)
        #expect(second.written.isEmpty && second.unchanged.count == 7)
        try revoke(1, in: &state)
        let rehearsed = try sync.bring(to: files(state), of: kinds, dryRun: true)
        let third = try sync.bring(to: files(state), of: kinds, dryRun: false)
        #expect(rehearsed == third)
        #expect(third.removed == ["pem/bob.pem"])
        #expect(third.unchanged == ["pem/alice.pem"])
    }

    @Test func `a file of somebody else stops everything`() throws {
        let folder = try TemporaryFolder()
        try folder.write("authorized_keys", "mine")
        let sync = SyncFolder(folder.path)
        #expect(throws: KeySyncError.self) {
            _ = try sync.bring(
                to: files(registry(["alice"])),
                of: Set(RegistryExporters.ids),
                dryRun: false
            )
        }
        #expect(try folder.read("authorized_keys") == Array("mine".utf8))
    }

    @Test(arguments: ["keyctl-sync v1\n../x\n", "keyctl-sync v1\n/x\n", "something\n"])
    func `a list that leads out of the folder is refused`(list: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(".keyctl-sync", list)
        #expect(throws: (any Error).self) {
            _ = try SyncFolder(folder.path).bring(to: [], of: ["x"], dryRun: false)
        }
    }
}
