import AgeFiles
import CryptoCore
import DurableFiles
import EncryptedFiles
import KeyFormats
import Keystore
import Registry
import TestSupport

/// A home with alice's keys, in which bob is known, and files for them.
struct FileWorld {
    static let keys = TestKeys.all
    let folder: TemporaryFolder
    let user = ScriptedDialogue()
    let alice: KeyName
    let bob: KeyName
    var keystore: Keystore

    init() throws {
        folder = try TemporaryFolder()
        alice = try KeyName("alice")
        bob = try KeyName("bob")
        keystore = try Keystore(home: Home(path: folder.file("home")))
        _ = try keystore.create(alice, key: FileWorld.keys[0], protection: .none)
        let bobsKey = try PublicKey(FileWorld.keys[1].publicKey)
        let bob = bob
        try keystore.changeRegistry("import", bob) { state in
            try state.statementsToImport(bobsKey, as: bob, replacing: false, at: .now)
        }
    }

    /// Writes a file for recipients, as they are named on the command line.
    func encrypt(_ text: String, for recipients: [String], as name: String) throws -> String {
        var lookup = RecipientLookup(keystore, user)
        let found = try recipients.flatMap { try lookup.recipients($0) }
        let output = try OutputFile(folder.file(name), mode: 0o600, replacing: false)
        try AgeFile.encrypt(
            MemorySource(Array(text.utf8).borrowedBytes),
            to: output,
            for: found
        )
        try output.commit()
        return folder.file(name)
    }

    /// What a file holds for some identities; throws where none opens it.
    func decrypt(_ path: String, with identities: [any AgeIdentity]) throws -> String {
        let reader = try AgeReader(InputFile(path))
        let opened = try OpenedFile(reader, with: identities) {
            AgeError.noMatch("none", hint: nil)
        }
        let sink = try OutputFile(folder.file("plain"), mode: 0o600, replacing: true)
        try opened.decrypt(to: sink)
        try sink.commit()
        return String(decoding: try folder.read("plain"), as: UTF8.self)
    }

    func identities(withRevoked: Bool = false) throws -> [StoredIdentity] {
        try StoredIdentity.all(in: keystore, of: nil, withRevoked: withRevoked, user: user)
    }

    func bobsIdentity() throws -> AgeSSHRSA.Identity {
        try AgeSSHRSA.Identity(FileWorld.keys[1], name: "bob")
    }
}
