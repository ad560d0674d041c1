import CryptoCore
import Failures
import KeyOperations
import TestSupport
import Testing

struct CapabilityTests {
    @Test func `a key in this process offers every operation and can be exported`() {
        let capabilities = TestKeys.all[0].capabilities
        #expect(capabilities.operations == KeyOperation.all)
        #expect(capabilities.isExportable && capabilities.allowsUnattendedUse)
        #expect(capabilities.confirmation == .none)
    }

    @Test func `a key that a person must touch is not for unattended use`() {
        let key = OperationKey(TestKeys.all[0], confirmation: .touch)
        #expect(!key.capabilities.allowsUnattendedUse)
    }

    @Test func `an operation that a key does not offer is refused by its name`() throws {
        let key = OperationKey(TestKeys.all[0], operations: [.unwrap])
        #expect {
            _ = try key.sign(.statement([1]))
        } throws: { error in
            (error as? KeyOperationError)?.message.contains("sign-statement") == true
        }
        let wrapped = try key.publicKey.encrypt([7].borrowedBytes, label: [1])
        #expect(try key.unwrap(wrapped, label: [1]).publicBytes == [7])
    }

    @Test func `every request names the operation that it takes`() {
        #expect(SignatureRequest.statement([]).operation == .signStatement)
        #expect(SignatureRequest.digest([], .bare).operation == .signDigest(.bare))
        #expect(Set(KeyOperation.all.map(\.description)).count == KeyOperation.all.count)
    }
}
