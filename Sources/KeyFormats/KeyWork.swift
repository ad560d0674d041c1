internal import CryptoCore

/// A budget of work for examining keys.
///
/// One unit is the examination of one key of 2,048 bits: at most five milliseconds in a debug build
/// on a machine with two cores. A limit on bytes does not limit time: 16 MiB hold 5,900 keys of
/// 16,384 bits, which took an hour. The cost of a key is spent before the key is examined, so a
/// file that costs too much is refused at once.
package struct KeyWork: Sendable {
    /// The largest number of keys in one file; each of them is parsed.
    package static let largestKeyCount = 10_000
    /// The budget of one file: at most twenty seconds in a debug build.
    ///
    /// It allows 4,096 keys of 2,048 bits, 512 of 4,096 or 64 of 8,192.
    package static let file = KeyWork(unitCount: 4_096)
    /// The budget of all files of one command: ten files of the largest cost.
    package static let command = KeyWork(unitCount: 40_960)

    /// The budget of one login, for which all other clients wait: less than two seconds.
    package static let login = KeyWork(unitCount: 1_024)

    /// The largest number of keys in one statement.
    private static let keysPerStatement = 2
    private static let stepBitCount = 1024
    private static let stepsPerUnit = 2
    /// The number of comparisons with known keys in one unit.
    private static let comparisonsPerUnit = 512
    /// The cost of checking a private key, relative to examining its public half: two primes are
    /// tested.
    private static let privateKeyFactor = 16

    private let wholePartCount: Int
    // Counted in parts of a unit, so that many small costs are not lost.
    private var partsLeft: Int

    private init(unitCount: Int) {
        wholePartCount = unitCount * KeyWork.comparisonsPerUnit
        partsLeft = wholePartCount
    }

    /// Returns whether the budget allows examining these keys; if so, spends their cost.
    ///
    /// Each key is compared with `knownCount` keys and, if `learning` is set, with the keys before
    /// it. The first keys, if they are not more than one statement brings, are always compared with
    /// all known keys: otherwise no key could enter a large registry. They may use up the whole
    /// budget.
    package mutating func canExamine(
        _ keys: [PublicKey],
        knownCount: Int,
        learning: Bool = false
    ) -> Bool {
        if partsLeft == wholePartCount, keys.count <= KeyWork.keysPerStatement {
            let alone = keys.reduce(0) { $0 + KeyWork.cost(of: $1.rsa, knownCount: 0) }
            let whole = keys.reduce(0) { $0 + KeyWork.cost(of: $1.rsa, knownCount: knownCount) }
            guard alone <= partsLeft else { return false }
            partsLeft -= min(whole, partsLeft)
            return true
        }
        var cost = 0
        for (index, key) in keys.enumerated() {
            cost += KeyWork.cost(of: key.rsa, knownCount: knownCount + (learning ? index : 0))
            guard cost <= partsLeft else { return false }
        }
        partsLeft -= cost
        return true
    }

    /// Spends the cost of examining these keys; throws `KeyFormatError` if it exceeds the budget.
    package mutating func spend(
        on keys: [PublicKey],
        knownCount: Int,
        learning: Bool = false
    ) throws(KeyFormatError) {
        guard canExamine(keys, knownCount: knownCount, learning: learning) else {
            throw KeyFormatError.tooMuchWork
        }
    }

    /// Spends the cost of checking a private key, which is counted by the size of its public half.
    ///
    /// Throws `KeyFormatError` if the cost exceeds the budget.
    mutating func spendOnCheck(of key: RSAPublicKey) throws(KeyFormatError) {
        let cost = KeyWork.cost(of: key, knownCount: 0) * KeyWork.privateKeyFactor
        guard cost <= partsLeft else { throw KeyFormatError.tooMuchPrivateWork }
        partsLeft -= cost
    }

    /// Returns the cost in parts of a unit, which grows with the cube of the key's length.
    ///
    /// A key that is too long costs nothing, because it is not examined.
    private static func cost(of key: RSAPublicKey, knownCount: Int) -> Int {
        guard key.bitCount <= RSAWeakness.largestExaminedBitCount else { return 0 }
        let length = max((key.bitCount + stepBitCount - 1) / stepBitCount, stepsPerUnit)
        let square = length * length
        let comparison = square * knownCount / (stepsPerUnit * stepsPerUnit)
        let own = square * length * comparisonsPerUnit
        return own / (stepsPerUnit * stepsPerUnit * stepsPerUnit) + comparison
    }
}
