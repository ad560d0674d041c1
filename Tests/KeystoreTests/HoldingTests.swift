import CryptoCore
import KeyFormats
import KeyOperations
import Keystore
import Registry
import TestSupport
import Testing

/// Identities whose keys another program holds.
struct HoldingTests {
    private let folder: TemporaryFolder
    private let name: KeyName
    private let passphrase = Passphrase(
        SecretBytes(copying: Array("correct horse".utf8).borrowedBytes)
    )

    init() throws {
        folder = try TemporaryFolder()
        name = try KeyName("alice")
    }

    /// Holds keys that only act.
    private struct Holder: KeyHolder {
        let held: [RSAPrivateKey]

        func keys() -> [any IdentityKey] { held.map { OperationKey($0) } }
    }

    private func keystore() throws -> Keystore {
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        _ = try keystore.create(
            name,
            key: TestKeys.all[0],
            protection: .passphrase(passphrase, .floor)
        )
        return keystore
    }

    @Test func `an identity signs with a held key, and the log says so`() throws {
        let keystore = try keystore()
        let record = try keystore.record(name)
        let holder = Holder(held: [TestKeys.all[1], TestKeys.all[0]])
        let opened = try #require(try keystore.open(record, from: holder))
        let key = try opened.signingKey(at: .now)
        let signature = try key.sign(.statement([1, 2]))
        #expect(TestKeys.all[0].publicKey.isValidSignature(signature, over: [1, 2]))
        let events = try keystore.audit.verified().entries.map(\.event)
        #expect(events.last == "agent-use")
        #expect(!events.contains("unlock"))
    }

    @Test func `a holder that lacks a key opens nothing`() throws {
        var keystore = try keystore()
        let record = try keystore.record(name)
        #expect(try keystore.open(record, from: Holder(held: [])) == nil)
        #expect(try keystore.open(record, from: Holder(held: [TestKeys.all[1]])) == nil)
        let unlocked = try keystore.unlock(record, passphrase: passphrase)
        let rotated = try keystore.rotate(
            unlocked,
            to: TestKeys.all[1],
            expires: nil,
            parameters: nil,
            passphrase: nil
        )
        #expect(try keystore.open(rotated, from: Holder(held: [TestKeys.all[0]])) == nil)
        let both = Holder(held: [TestKeys.all[0], TestKeys.all[1]])
        #expect(try keystore.open(rotated, from: both) != nil)
    }

    @Test func `an act that needs the key itself is refused`() throws {
        var keystore = try keystore()
        let record = try keystore.record(name)
        let holder = Holder(held: [TestKeys.all[0]])
        let opened = try #require(try keystore.open(record, from: holder))
        #expect(throws: KeystoreError.self) { try opened.exportedKey(version: 1) }
        #expect(throws: KeystoreError.self) {
            try keystore.reseal(opened, protection: .passphrase(passphrase, .floor))
        }
        #expect(throws: KeystoreError.self) {
            try keystore.rotate(
                opened,
                to: TestKeys.all[1],
                expires: nil,
                parameters: nil,
                passphrase: nil
            )
        }
    }
}
