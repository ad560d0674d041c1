import CryptoCore
import DurableFiles
import Failures
import KeyFormats
import KeyOperations
import Keystore
import Registry
import TestSupport
import Testing

/// Identities whose keys another provider than the keystore keeps.
struct ProviderTests {
    private static let keys = TestKeys.all
    private let folder: TemporaryFolder
    private let name: KeyName

    init() throws {
        folder = try TemporaryFolder()
        name = try KeyName("alice")
    }

    private func keystore(
        _ keys: [RSAPrivateKey] = ProviderTests.keys,
        confirmation: KeyCapabilities.Confirmation = .none
    ) throws -> Keystore {
        let token = TokenProvider(keys: keys, confirmation: confirmation)
        return try Keystore(
            home: Home(path: folder.file("home")),
            providers: KeyProviders(KeyProviders.builtIn.all + [token])
        )
    }

    private func makeInToken() throws -> Keystore {
        var keystore = try keystore()
        _ = try keystore.create(
            name,
            key: OperationKey(ProviderTests.keys[0]),
            at: TokenProvider.place(0),
            protection: .none
        )
        return keystore
    }

    private func identityFile() throws -> String {
        let path = folder.file("home/identities/alice/identity")
        return String(decoding: try DurableFile.read(path, limit: 1 << 20), as: UTF8.self)
    }

    private func code(_ body: () throws -> Void) -> KeystoreError.Code? {
        do { try body() } catch { return (error as? KeystoreError)?.code }
        return nil
    }

    @Test func `an identity lives on a key that only acts`() throws {
        var keystore = try makeInToken()
        let unlocked = try keystore.unlock(keystore.record(name), passphrase: nil)
        let note = try keystore.signCheckpoint(unlocked)
        let id = unlocked.record.identity.id
        let publicKey = try PublicKey(ProviderTests.keys[0].publicKey)
        #expect(try Checkpoint(note: note, owner: id, key: publicKey).count == 1)
        let rotated = try keystore.rotate(
            unlocked,
            to: OperationKey(ProviderTests.keys[1]),
            at: TokenProvider.place(1)
        )
        #expect(rotated.identity.active?.number == 2)
        #expect(try identityFile().contains("\nkeys 1=token:AA==,2=token:AQ==\n"))
        let again = try self.keystore()
        let followed = try again.reopen(unlocked)
        let wrapped = try ProviderTests.keys[1].publicKey.encrypt([7].borrowedBytes, label: [1])
        let key = try followed.requireKey(version: 2)
        #expect(try key.unwrap(wrapped, label: [1]).publicBytes == [7])
        let uses = try again.audit.verified().entries.filter { $0.event == "use" }
        #expect(uses.map(\.version) == [1, 2])
    }

    @Test func `what needs the numbers of a key says that there are none`() throws {
        var keystore = try makeInToken()
        let unlocked = try keystore.unlock(keystore.record(name), passphrase: nil)
        #expect(code { _ = try unlocked.exportedKey(version: 1) } == .notExportable)
        #expect(
            code { _ = try keystore.reseal(unlocked, protection: .none) } == .notExportable
        )
        #expect(
            code { _ = try keystore.rotate(unlocked, to: ProviderTests.keys[1]) } == .notExportable
        )
        #expect(
            code {
                _ = try keystore.rotate(unlocked, to: OperationKey(ProviderTests.keys[1]))
            } == .notExportable
        )
        let record = try keystore.record(name)
        #expect(record.identity.latest.number == 1)
        #expect(record.keysElsewhere.map(\.version) == [1])
        try keystore.requireSealed(record)
        let revocation = keystore.preparedRevocationPath(record, version: 2)
        #expect(!DurableFile.exists(revocation))
    }

    @Test func `a sealed key and one in a token stand side by side`() throws {
        var keystore = try keystore()
        let record = try keystore.create(name, key: ProviderTests.keys[0], protection: .none)
        #expect(try identityFile().hasPrefix("keyctl-identity v1\n"))
        let unlocked = try keystore.unlock(record, passphrase: nil)
        _ = try keystore.rotate(
            unlocked,
            to: OperationKey(ProviderTests.keys[1]),
            at: TokenProvider.place(1)
        )
        #expect(try identityFile().hasPrefix("keyctl-identity v2\n"))
        #expect(try identityFile().contains("\nkeys 1=sealed,2=token:AQ==\n"))
        let both = try keystore.unlock(keystore.record(name), passphrase: nil)
        let exported = try both.exportedKey(version: 1).publicKey
        #expect(exported.modulus == ProviderTests.keys[0].publicKey.modulus)
        #expect(code { _ = try both.exportedKey(version: 2) } == .notExportable)
        _ = try keystore.reseal(both, protection: .none)
        let resealed = try keystore.unlock(keystore.record(name), passphrase: nil)
        #expect(try resealed.key(version: 1) != nil)
        #expect(try resealed.key(version: 2) != nil)
    }

    @Test func `a key made in advance may wait in a token, and be dropped again`() throws {
        var keystore = try keystore()
        let record = try keystore.create(name, key: ProviderTests.keys[0], protection: .none)
        let unlocked = try keystore.unlock(record, passphrase: nil)
        _ = try keystore.prepare(
            unlocked,
            next: OperationKey(ProviderTests.keys[1]),
            at: TokenProvider.place(1),
            expires: nil
        )
        #expect(try identityFile().contains("\nkeys 1=sealed,2=token:AQ==\n"))
        let waiting = try keystore.reopen(unlocked)
        _ = try keystore.destroyNow(2, of: waiting)
        #expect(try identityFile().hasPrefix("keyctl-identity v1\n"))
        _ = try keystore.prepare(
            keystore.reopen(unlocked),
            next: OperationKey(ProviderTests.keys[2]),
            at: TokenProvider.place(2),
            expires: nil
        )
        let promoted = try keystore.promote(keystore.reopen(unlocked))
        #expect(promoted.identity.active?.number == 2)
        #expect(promoted.place(of: 2) == (try TokenProvider.place(2)))
    }

    @Test func `a program without the provider shows the identity and cannot use its key`() throws {
        _ = try makeInToken()
        let other = try Keystore(home: Home(path: folder.file("home")))
        let unlocked = try other.unlock(other.record(name), passphrase: nil)
        #expect(unlocked.record.identity.active?.number == 1)
        #expect(code { _ = try unlocked.signingKey(at: .now) } == .provider)
        let first = FileHeading("keyctl-identity", version: 1)
        #expect(first.newerVersion(Array(try identityFile().utf8)) == 2)
    }

    @Test func `a provider that gives another key, or none, is refused`() throws {
        _ = try makeInToken()
        for keys in [[ProviderTests.keys[1]], []] {
            let keystore = try keystore(keys)
            let unlocked = try keystore.unlock(keystore.record(name), passphrase: nil)
            #expect(code { _ = try unlocked.requireKey(version: 1) } == .provider)
            #expect(try keystore.audit.verified().entries.allSatisfy { $0.event != "use" })
        }
    }

    @Test func `a key that asks a person is not given to a server`() throws {
        _ = try makeInToken()
        let keystore = try keystore()
        let unlocked = try keystore.unlock(keystore.record(name), passphrase: nil)
        _ = try unlocked.unattendedSigningKey(at: .now)
        let touched = try self.keystore(confirmation: .touch)
        let waiting = try touched.unlock(touched.record(name), passphrase: nil)
        _ = try waiting.signingKey(at: .now)
        #expect(code { _ = try waiting.unattendedSigningKey(at: .now) } == .provider)
    }

    @Test func `the line of places has one spelling`() throws {
        let keystore = try makeInToken()
        let path = folder.file("home/identities/alice/identity")
        let written = try identityFile()
        for line in [
            "1=sealed", "1=token:AA==,1=token:AA==", "1=token:AA==,2=sealed", "1=token:", "",
            "1=token", "01=token:AA==", "1=sealed:AA==", "1=Token:AA==", "1=token:AB==",
        ] {
            let changed = written.replacing("keys 1=token:AA==", with: "keys \(line)")
            try DurableFile.replace(path, with: Array(changed.utf8).borrowedBytes)
            #expect(throws: KeystoreError.self, "\(line)") { _ = try keystore.record(name) }
        }
        #expect(KeyPlace(provider: "sealed", reference: [1]) == nil)
        #expect(KeyPlace(provider: "token", reference: []) == nil)
        let tooLong = [UInt8](repeating: 0, count: KeyPlace.largestReferenceByteCount + 1)
        #expect(KeyPlace(provider: "token", reference: tooLong) == nil)
    }
}
