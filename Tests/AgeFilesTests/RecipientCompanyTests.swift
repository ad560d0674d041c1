import CryptoCore
import Failures
import Testing

@testable import AgeFiles

struct RecipientCompanyTests {
    private static func recipient(_ kind: any AgeKeyKind) throws -> any AgeRecipient {
        let made = try kind.makeIdentity()
        return try kind.recipient(made.recipient)
    }

    private static func passphrase() -> any AgeRecipient {
        let bytes = SecretBytes(copying: Array("pw".utf8).borrowedBytes)
        return AgeScrypt.Recipient(Passphrase(bytes), workFactor: 1)
    }

    private static func refusal(_ recipients: [any AgeRecipient]) -> String? {
        do { try RecipientCompany.require(recipients) } catch { return error.message }
        return nil
    }

    @Test func `lets recipients of one company share a file`() throws {
        let classical = try RecipientCompanyTests.recipient(AgeX25519())
        let other = try RecipientCompanyTests.recipient(AgeX25519())
        let hybrid = try RecipientCompanyTests.recipient(AgeHybrid())
        let otherHybrid = try RecipientCompanyTests.recipient(AgeHybrid())
        let passphrase = RecipientCompanyTests.passphrase()
        for recipients in [[classical], [classical, other], [hybrid, otherHybrid], [passphrase]] {
            #expect(RecipientCompanyTests.refusal(recipients) == nil)
        }
    }

    @Test func `refuses post-quantum recipients beside others, in either order`() throws {
        let classical = try RecipientCompanyTests.recipient(AgeX25519())
        let hybrid = try RecipientCompanyTests.recipient(AgeHybrid())
        let first = RecipientCompanyTests.refusal([classical, hybrid])
        let second = RecipientCompanyTests.refusal([hybrid, classical])
        #expect(first == second)
        #expect(first?.contains("\(hybrid.name) is post-quantum") == true)
        #expect(first?.contains("\(classical.name) is not") == true)
    }

    @Test func `refuses a passphrase beside anything`() throws {
        let classical = try RecipientCompanyTests.recipient(AgeX25519())
        let hybrid = try RecipientCompanyTests.recipient(AgeHybrid())
        let passphrase = RecipientCompanyTests.passphrase()
        for other in [classical, hybrid, passphrase] {
            let message = RecipientCompanyTests.refusal([other, passphrase])
            #expect(message == "a passphrase cannot be combined with other recipients")
        }
    }
}
