import AgeFiles
import CryptoCore
import EncryptedFiles
import Failures
import KeyFormats
import TestSupport
import Testing

/// What `-i` takes.
struct IdentityFileTests {
    private func identities(
        _ bytes: [UInt8],
        _ user: ScriptedDialogue
    ) throws -> [any AgeIdentity] {
        try IdentityFile.read(bytes.borrowedBytes, from: "key.txt", user: user)
    }

    private func pem() throws -> [UInt8] {
        let der = try TestKeys.all[0].pkcs1DERRepresentation().publicBytes
        return Array(PEM.encode(der, label: "RSA PRIVATE KEY").utf8)
    }

    private func requireRefused(_ bytes: [UInt8], _ user: ScriptedDialogue, says text: String) {
        do {
            _ = try identities(bytes, user)
            Issue.record("taken")
        } catch {
            let failure = error as? AgeError
            #expect(failure?.message.contains(text) == true, "\(error)")
        }
    }

    @Test func `a private key file is an identity, a public one is not`() throws {
        let user = ScriptedDialogue()
        let names = try identities(pem(), user).map(\.name)
        #expect(names == ["key.txt"])
        let line = try PublicKey(TestKeys.all[0].publicKey).openSSHLine
        requireRefused(Array(line.utf8), user, says: "no private RSA key")
    }

    @Test func `a file under a passphrase is opened with the user's`() throws {
        let user = ScriptedDialogue()
        let passphrase = user.passphrase(prompt: "")
        let sink = Collected()
        let content = try pem()
        try AgeFile.encrypt(
            MemorySource(content.borrowedBytes),
            to: sink,
            for: [AgeScrypt.Recipient(passphrase, workFactor: 1)]
        )
        let opened = try identities(sink.bytes, user)
        #expect(opened.count == 1)
        #expect(user.prompts.last == "Passphrase of key.txt")
        requireRefused(sink.bytes, ScriptedDialogue("no"), says: "does not open it")
    }

    @Test func `text without an identity names the line`() {
        let wrong = Array("# nothing\nAGE-SECRET-KEY-1WRONG\n".utf8)
        requireRefused(wrong, ScriptedDialogue(), says: "line 2 of key.txt")
        requireRefused(Array("# nothing\n".utf8), ScriptedDialogue(), says: "no identity")
    }
}
