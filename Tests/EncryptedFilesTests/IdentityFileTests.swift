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
        _ user: ScriptedDialogue = ScriptedDialogue()
    ) throws -> [any AgeIdentity] {
        try IdentityFile.read(bytes.borrowedBytes, from: "key.txt", user: user)
    }

    private func pem() throws -> [UInt8] {
        Array(
            PEM.encode(
                try TestKeys.all[0].pkcs1DERRepresentation().publicBytes,
                label: "RSA PRIVATE KEY"
            ).utf8
        )
    }

    @Test func `a private key file is an identity, a public one is not`() throws {
        #expect(try identities(pem()).map(\.name) == ["key.txt"])
        let line = try PublicKey(TestKeys.all[0].publicKey).openSSHLine
        #expect(throws: AgeError.self) { _ = try identities(Array(line.utf8)) }
    }

    @Test func `a file under a passphrase is opened with the user's`() throws {
        let user = ScriptedDialogue()
        let passphrase = user.passphrase(prompt: "")
        let sink = Collected()
        try AgeFile.encrypt(
            MemorySource(pem().borrowedBytes),
            to: sink,
            for: [AgeScrypt.Recipient(passphrase, workFactor: 1)]
        )
        #expect(try identities(sink.bytes, user).count == 1)
        #expect(user.prompts.last == "Passphrase of key.txt")
        #expect(throws: AgeError.self) { _ = try identities(sink.bytes, ScriptedDialogue("no")) }
    }

    @Test func `text without an identity names the line`() {
        do {
            _ = try identities(Array("# nothing\nAGE-SECRET-KEY-1WRONG\n".utf8))
            Issue.record("taken")
        } catch let error as any ReportableError {
            #expect(error.message.contains("line 2 of key.txt"))
        } catch { Issue.record("\(error)") }
        #expect(throws: AgeError.self) { _ = try identities(Array("# nothing\n".utf8)) }
    }
}
