import CryptoCore
import Failures
import PostQuantum
import Testing

struct XWingTests {
    private static let info = Array("a test".utf8)
    private static let message = Array("sixteen bytes it".utf8)

    private static func key(_ fill: UInt8) throws -> XWingPrivateKey {
        let seed = [UInt8](repeating: fill, count: XWing.seedByteCount)
        return try XWingPrivateKey(seed: seed.borrowedBytes)
    }

    private static func sealed(for key: XWingPrivateKey) throws -> XWingMessage {
        try key.publicKey.seal(message.borrowedBytes, info: info)
    }

    private static func failure(_ body: () throws -> Void) -> CryptoError.Code? {
        do { try body() } catch { return (error as? CryptoError)?.code }
        return nil
    }

    @Test func `opens what was sealed for it`() throws {
        let key = try XWingTests.key(1)
        let message = try XWingTests.sealed(for: key)
        #expect(message.encapsulatedKey.count == XWing.encapsulatedKeyByteCount)
        #expect(message.ciphertext.count == XWingTests.message.count + XWing.tagByteCount)
        let opened = try key.open(message, info: XWingTests.info).publicBytes
        #expect(opened == XWingTests.message)
    }

    @Test func `seals with fresh random numbers each time`() throws {
        let key = try XWingTests.key(1)
        let first = try XWingTests.sealed(for: key)
        let second = try XWingTests.sealed(for: key)
        #expect(first != second)
    }

    @Test func `makes the same key from the same seed`() throws {
        let first = try XWingTests.key(1).publicKey.rawRepresentation
        let second = try XWingTests.key(1).publicKey.rawRepresentation
        let other = try XWingTests.key(2).publicKey.rawRepresentation
        #expect(first == second)
        #expect(first.count == XWing.publicKeyByteCount)
        #expect(first != other)
    }

    @Test func `fails in one way for another key, another use and changed bytes`() throws {
        let key = try XWingTests.key(1)
        let message = try XWingTests.sealed(for: key)
        let other = try XWingTests.key(2)
        let otherKey = XWingTests.failure { _ = try other.open(message, info: XWingTests.info) }
        let otherUse = XWingTests.failure { _ = try key.open(message, info: [1]) }
        #expect(otherKey == .authenticationFailed)
        #expect(otherUse == .authenticationFailed)
        for index in [0, XWing.encapsulatedKeyByteCount / 2] {
            var bytes = message.encapsulatedKey
            bytes[index] ^= 1
            let changed = XWingMessage(encapsulatedKey: bytes, ciphertext: message.ciphertext)
            let code = XWingTests.failure { _ = try key.open(changed, info: XWingTests.info) }
            #expect(code == .authenticationFailed)
        }
        var bytes = message.ciphertext
        bytes[0] ^= 1
        let changed = XWingMessage(encapsulatedKey: message.encapsulatedKey, ciphertext: bytes)
        let code = XWingTests.failure { _ = try key.open(changed, info: XWingTests.info) }
        #expect(code == .authenticationFailed)
    }

    @Test func `refuses an encapsulated key of another length, or with a point of low order`()
        throws
    {
        let key = try XWingTests.key(1)
        let message = try XWingTests.sealed(for: key)
        let short = Array(message.encapsulatedKey.dropLast())
        let long = message.encapsulatedKey + [0]
        let lowOrder = message.encapsulatedKey.dropLast(32) + [UInt8](repeating: 0, count: 32)
        for encapsulatedKey in [[], short, long, Array(lowOrder)] {
            let changed = XWingMessage(
                encapsulatedKey: encapsulatedKey,
                ciphertext: message.ciphertext
            )
            let code = XWingTests.failure { _ = try key.open(changed, info: XWingTests.info) }
            #expect(code == .invalidEncoding)
        }
    }

    @Test func `refuses keys that are none`() throws {
        let seed = [UInt8](repeating: 1, count: XWing.seedByteCount - 1)
        let shortSeed = XWingTests.failure { _ = try XWingPrivateKey(seed: seed.borrowedBytes) }
        #expect(shortSeed == .invalidEncoding)
        let good = try XWingTests.key(1).publicKey.rawRepresentation
        // FIPS 203 § 7.2: every coefficient is below the modulus.
        let unreduced = [0xff, 0xff, 0xff] + good.dropFirst(3)
        let lowOrder = good.dropLast(32) + [UInt8](repeating: 0, count: 32)
        for bytes in [[], Array(good.dropLast()), Array(unreduced), Array(lowOrder)] {
            let code = XWingTests.failure { _ = try XWingPublicKey(rawRepresentation: bytes) }
            #expect(code == .invalidEncoding)
        }
    }
}
