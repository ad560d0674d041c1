import CryptoCore
internal import Failures
import SecretShares
import Testing

struct SplitTests {
    private static let secret = Array("sixteen bytes or".utf8)

    @Test(arguments: secretByteCounts)
    func `a secret of every length comes back`(_ byteCount: Int) throws {
        let secret = try SecureRandom.bytes(count: byteCount)
        let words = try split(secret, 2, of: 3, iterationExponent: 1).map(\.text)
        #expect(
            outcome { try words.prefix(2).map(Share.init(text:)) } == Hexadecimal.encode(secret)
        )
        let wordCounts = Set(words.map { $0.split(separator: " ").count })
        #expect(wordCounts == [7 + (byteCount * 8 + 9) / 10])
    }

    @Test(arguments: [(1, 1), (2, 2), (2, 3), (3, 5), (5, 6), (16, 16), (2, 16)])
    func `as many shares as are needed give the secret, whichever, and no other number does`(
        _ threshold: Int,
        _ count: Int
    ) throws {
        let shares = try split(SplitTests.secret, threshold, of: count)
        #expect(shares.count == count)
        for chosen in choices(of: threshold, from: shares) {
            #expect(outcome { chosen.reversed() } == Hexadecimal.encode(SplitTests.secret))
        }
        for chosen in choices(of: threshold - 1, from: shares).prefix(20) {
            #expect(outcome { chosen } == "too-few-shares")
        }
        for chosen in choices(of: threshold + 1, from: shares).prefix(20) {
            #expect(outcome { chosen } == "too-many-shares")
        }
    }

    @Test func `two sets of one secret have nothing in common`() throws {
        let first = try split(SplitTests.secret, 2, of: 2)
        let second = try split(SplitTests.secret, 2, of: 2)
        #expect(first[0].text != second[0].text)
        #expect(outcome { [first[0], second[1]] } == "share-of-another-set")
    }

    @Test func `a share says what it is`() throws {
        let share = try Share(
            text: split(SplitTests.secret, 3, of: 5, iterationExponent: 2)[4].text
        )
        #expect(share.parameters.isExtendable)
        #expect(share.parameters.iterationExponent == 2)
        #expect(share.parameters.memberIndex == 4 && share.parameters.memberThreshold == 3)
        #expect(share.parameters.groupCount == 1 && share.parameters.groupThreshold == 1)
    }

    @Test(arguments: [(0, 1), (1, 0), (3, 2), (2, 17), (-1, 5), (1, 2), (1, 16)])
    func `numbers that make no sense are refused`(_ threshold: Int, _ count: Int) {
        #expect(throws: SharesError.self) {
            _ = try split(SplitTests.secret, threshold, of: count)
        }
    }

    @Test(arguments: [0, 1, 14, 15, 17, 31, 33, 34, 64])
    func `a secret of another length is refused`(_ byteCount: Int) {
        #expect(throws: SharesError.self) {
            _ = try split([UInt8](repeating: 1, count: byteCount), 2, of: 3)
        }
    }

    @Test(arguments: [-1, 16])
    func `an exponent that no share can say is refused`(_ exponent: Int) {
        #expect(throws: SharesError.self) {
            _ = try split(SplitTests.secret, 2, of: 3, iterationExponent: exponent)
        }
    }

    @Test func `shares are too few, given twice, or none`() throws {
        let shares = try split(SplitTests.secret, 3, of: 5)
        #expect(outcome { [] } == "too-few-shares")
        #expect(outcome { [shares[0], shares[1], shares[0]] } == "duplicate-share")
        let error = #expect(throws: SharesError.self) {
            _ = try SecretShares.combine(Array(shares.prefix(2)))
        }
        #expect(error?.message == "3 shares are needed, but only 2 were given")
        #expect(error?.hint?.contains("add 1 more") == true)
    }
}
