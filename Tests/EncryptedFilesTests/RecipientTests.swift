import AgeFiles
import CryptoCore
import EncryptedFiles
import Failures
import KeyFormats
import Keystore
import Registry
import TestSupport
import Testing

/// Whom a text names, and whose keys are refused.
struct RecipientTests {
    private let ageRecipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

    @Test func `a name, a group, a key line and a key of age are recipients`() throws {
        var world = try FileWorld()
        let (alice, bob) = (world.alice, world.bob)
        let team = try KeyName("team")
        try world.keystore.changeRegistry("group", team) { _ in
            [alice, bob].map { Statement(.join(group: team, name: $0), time: .now) }
        }
        var lookup = RecipientLookup(world.keystore, world.user)
        let one = try lookup.recipients("bob")
        #expect(one.map(\.name) == ["bob, version 1"])
        let all = try lookup.recipients("team")
        #expect(all.map(\.name).sorted() == ["alice, version 1", "bob, version 1"])
        let age = try lookup.recipients(ageRecipient)
        #expect(age.map(\.name) == [ageRecipient])
        let line = try PublicKey(FileWorld.keys[3].publicKey).openSSHLine
        let written = try lookup.recipients(line)
        #expect(written.count == 1)
        #expect(throws: (any Error).self) { _ = try lookup.recipients("dora") }
    }

    @Test func `a list names the line that is wrong`() throws {
        let world = try FileWorld()
        let good = try world.folder.write("good", "\u{FEFF}# team\n\n  bob  \nalice\n")
        let bad = try world.folder.write("bad", "bob\nnobody at all\n")
        let empty = try world.folder.write("empty", "# nobody\n")
        var lookup = RecipientLookup(world.keystore, world.user)
        let found = try lookup.recipients(inFile: good)
        #expect(found.count == 2)
        for (path, text) in [(bad, "line 2"), (empty, "no recipient")] {
            do {
                _ = try lookup.recipients(inFile: path)
                Issue.record("\(path) was taken")
            } catch let error as AgeError { #expect(error.message.contains(text)) }
        }
    }

    @Test func `nothing is encrypted for a revoked key, by name or written out`() throws {
        var world = try FileWorld()
        let key = try PublicKey(FileWorld.keys[1].publicKey)
        let revocation = try Revocation.statement(
            id: key.identityID,
            version: 1,
            key: FileWorld.keys[1],
            since: nil,
            reason: "",
            time: .now
        )
        _ = try world.keystore.follow([revocation], as: "import")
        var lookup = RecipientLookup(world.keystore, world.user)
        for text in ["bob", key.openSSHLine] {
            do {
                _ = try lookup.recipients(text)
                Issue.record("\(text) was taken")
            } catch let error as EncryptedFileError { #expect(error.code == .revoked) }
        }
    }

    @Test func `the owners of stanzas are told by their names`() throws {
        let world = try FileWorld()
        let path = try world.encrypt("x", for: ["alice", ageRecipient], as: "x.age")
        let bytes = try world.folder.read("x.age")
        let header = try AgeReader(MemorySource(bytes.borrowedBytes)).header
        let owners = StanzaOwners(world.keystore.registry.state)
        let names = owners.names(of: header.stanzas)
        #expect(names == ["alice, version 1", "somebody with a key of type X25519"])
        let owner = owners.owner(of: header.stanzas[1])
        #expect(owner == .otherKind)
        let plain = try world.decrypt(path, with: world.identities())
        #expect(plain == "x")
        let prompts = world.user.prompts
        #expect(prompts == ["alice"])
    }
}
