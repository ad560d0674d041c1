import CryptoCore
import KeyFormats
import Keystore
import Synchronization
import TestSupport
import Testing

/// What the keystore asks for, and how often.
struct UnlockingTests {
    /// Gives one secret after the other.
    private final class Answers: KeyUnlocker {
        let tryCount: Int
        private let left: Mutex<[String]>
        private let told = Mutex(0)

        init(_ answers: [String], tryCount: Int) {
            left = Mutex(answers)
            self.tryCount = tryCount
        }

        var leftCount: Int { left.withLock(\.count) }
        var toldCount: Int { told.withLock(\.self) }

        func passphrase(prompt: String) throws -> Passphrase {
            #expect(prompt == "Passphrase for alice")
            let next = left.withLock { $0.removeFirst() }
            return Passphrase(SecretBytes(copying: Array(next.utf8).borrowedBytes))
        }

        func noteWrongPassphrase(_ error: KeystoreError) { told.withLock { $0 += 1 } }
    }

    private static var secret: Protection {
        .passphrase(Passphrase(SecretBytes(copying: [UInt8(ascii: "x")].borrowedBytes)), .floor)
    }

    @Test func `a slip is asked for again, as often as the unlocker allows`() throws {
        let folder = try TemporaryFolder()
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        let record = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            protection: UnlockingTests.secret
        )
        let patient = Answers(["a", "b", "x", "y"], tryCount: 3)
        _ = try keystore.unlock(record, with: patient)
        #expect(patient.leftCount == 1 && patient.toldCount == 2)
        let once = Answers(["a", "x"], tryCount: 1)
        #expect(throws: KeystoreError.self) { _ = try keystore.unlock(record, with: once) }
        #expect(once.leftCount == 1 && once.toldCount == 0)
        let unlocks = try keystore.audit.verified().entries.filter { $0.event == "unlock" }
        #expect(unlocks.map { $0.failure != nil } == [true, true, false, true])
        let remembering = RememberingUnlocker(Answers(["a", "x"], tryCount: 3))
        _ = try keystore.unlock(record, with: remembering)
        #expect(remembering.passphrase?.bytes.publicBytes == [UInt8(ascii: "x")])
    }

    @Test func `an identity without a passphrase asks for none`() throws {
        let folder = try TemporaryFolder()
        var keystore = try Keystore(home: Home(path: folder.file("home")))
        let record = try keystore.create(
            KeyName("alice"),
            key: TestKeys.all[0],
            protection: .none
        )
        let answers = Answers([], tryCount: 3)
        _ = try keystore.unlock(record, with: answers)
        #expect(answers.toldCount == 0)
    }
}
