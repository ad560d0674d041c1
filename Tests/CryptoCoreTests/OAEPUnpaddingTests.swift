import CryptoCore
import Failures
import TestSupport
import Testing

/// Taking off the padding of RSAES-OAEP after a device did the RSA operation.
struct OAEPUnpaddingTests {
    private static let byteCount = 256
    private static let hashByteCount = 32

    /// MGF1 with SHA-256 (RFC 8017 § B.2.1).
    private func mask(_ seed: [UInt8], count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for counter in 0..<UInt8((count + 31) / 32) {
            bytes += try HashAlgorithm.sha256.digest(of: seed + [0, 0, 0, counter])
        }
        return Array(bytes.prefix(count))
    }

    /// A padded block (RFC 8017 § 7.1.1, step 2) with its parts open to changes.
    private func block(
        _ message: [UInt8],
        label: [UInt8] = [],
        separator: UInt8 = 1,
        padding: UInt8 = 0,
        seed: [UInt8] = [UInt8](repeating: 0x5a, count: hashByteCount)
    ) throws -> [UInt8] {
        let dataCount = OAEPUnpaddingTests.byteCount - OAEPUnpaddingTests.hashByteCount - 1
        let zeroCount = dataCount - OAEPUnpaddingTests.hashByteCount - 1 - message.count
        let zeros = [UInt8](repeating: padding, count: zeroCount)
        let digest = try HashAlgorithm.sha256.digest(of: label)
        let data = digest + zeros + [separator] + message
        let maskedData = zip(data, try mask(seed, count: dataCount)).map { $0 ^ $1 }
        let maskedSeed = zip(seed, try mask(maskedData, count: seed.count)).map { $0 ^ $1 }
        return [0] + maskedSeed + maskedData
    }

    private func unpad(_ block: [UInt8], label: [UInt8] = []) throws -> [UInt8] {
        try TestKeys.all[0].publicKey.unpad(block.borrowedBytes, label: label).publicBytes
    }

    @Test(arguments: [0, 1, 16, 190])
    func `takes the message out`(count: Int) throws {
        let message = [UInt8](repeating: 7, count: count)
        let label = Array("a label".utf8)
        #expect(try unpad(block(message)) == message)
        #expect(try unpad(block(message, label: label), label: label) == message)
    }

    @Test func `a block whose leading zeros a device left out is the same block`() throws {
        let message = Array("message".utf8)
        #expect(try unpad(Array(block(message).dropFirst())) == message)
        // A seed for which the masked seed begins with a zero, too.
        var seed = [UInt8](repeating: 0x5a, count: OAEPUnpaddingTests.hashByteCount)
        for number in 0..<10_000 {
            seed[0] = UInt8(number >> 8)
            seed[1] = UInt8(number & 0xff)
            let padded = try block(message, seed: seed)
            guard padded[1] == 0 else { continue }
            #expect(try unpad(Array(padded.dropFirst(2))) == message)
            return
        }
        Issue.record("no such seed")
    }

    @Test func `every fault is one error`() throws {
        let message = Array("message".utf8)
        let good = try block(message)
        var first = good
        first[0] = 1
        var faults = [
            first, try block(message, separator: 2), try block(message, padding: 3),
            try block(message, separator: 0), [], [UInt8](repeating: 0, count: good.count),
            [0] + good, Array(good.dropLast()),
        ]
        for position in stride(from: 1, to: good.count - message.count, by: 17) {
            var changed = good
            changed[position] ^= 0x10
            faults.append(changed)
        }
        for fault in faults {
            let error = #expect(throws: CryptoError.self) { try unpad(fault) }
            #expect(error?.code == .authenticationFailed)
        }
        #expect(throws: CryptoError.self) { try unpad(good, label: [1]) }
    }

    @Test func `a statement's digest is SHA-384`() throws {
        let digest = try StatementDigest.digest(of: Array("abc".utf8))
        #expect(digest.prefix(4) == [0xcb, 0x00, 0x75, 0x3f])  // FIPS 180-4's example
        #expect(digest.count == StatementDigest.byteCount)
    }
}
