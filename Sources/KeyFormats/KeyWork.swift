internal import CryptoCore

/// How much work looking at keys may cause, in units: one unit is what examining one key of 2,048
/// bits takes, at most five milliseconds in a debug build on the two-core machine of the tests.
///
/// A limit on bytes is none on time: 16 MiB hold 5,900 keys of 16,384 bits, which took an hour. The
/// cost of a key is spent before it is examined, so that a file that costs too much is refused at
/// once.
public struct KeyWork: Sendable {
    /// Most keys of one file, each of which is parsed.
    public static let largestKeyCount = 10_000
    /// For one file: at most twenty seconds in a debug build, as 4,096 keys of 2,048 bits, 512 of 4,096 or 64 of 8,192.
    public static let file = KeyWork(unitCount: 4_096)
    /// For all files of one command: ten files of the largest cost; a team's folder of keys fits.
    public static let command = KeyWork(unitCount: 40_960)

    /// For the statements of one login, which everybody else waits for: less than two seconds.
    public static let login = KeyWork(unitCount: 1_024)

    /// Most keys that one statement brings.
    private static let keysPerStatement = 2
    private static let stepBitCount = 1024
    private static let stepsPerUnit = 2
    /// Known keys that a key is compared with in one unit.
    private static let comparisonsPerUnit = 512
    /// What checking a private key takes, beside examining its public half: two primes are proved.
    private static let privateKeyFactor = 16

    private let wholePartCount: Int
    /// In parts of a unit, so that many small costs are not lost.
    private var partsLeft: Int

    private init(unitCount: Int) {
        wholePartCount = unitCount * KeyWork.comparisonsPerUnit
        partsLeft = wholePartCount
    }

    /// Whether examining these keys is allowed: what it costs is spent then.
    ///
    /// Each is compared with `knownCount` keys and, where they are learned, with those before it.
    /// The keys of one statement, before anything else was examined, are always compared with all
    /// known keys, however many these are: else nobody's key could enter a large registry. They take
    /// all the work there is.
    public mutating func canExamine(
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

    /// Spends what examining these keys costs; throws `KeyFormatError` where it is too much.
    public mutating func spend(
        on keys: [PublicKey],
        knownCount: Int,
        learning: Bool = false
    ) throws(KeyFormatError) {
        guard canExamine(keys, knownCount: knownCount, learning: learning) else {
            throw KeyFormatError.tooMuchWork
        }
    }

    /// Spends what checking the parts of a private key costs.
    mutating func spendOnCheck(of key: RSAPublicKey) throws(KeyFormatError) {
        let cost = KeyWork.cost(of: key, knownCount: 0) * KeyWork.privateKeyFactor
        guard cost <= partsLeft else { throw KeyFormatError.tooMuchPrivateWork }
        partsLeft -= cost
    }

    /// Grows with the cube of the length, in parts of a unit; a key that is too long is not
    /// examined.
    private static func cost(of key: RSAPublicKey, knownCount: Int) -> Int {
        guard key.bitCount <= RSAWeakness.largestExaminedBitCount else { return 0 }
        let length = max((key.bitCount + stepBitCount - 1) / stepBitCount, stepsPerUnit)
        let square = length * length
        let comparison = square * knownCount / (stepsPerUnit * stepsPerUnit)
        let own = square * length * comparisonsPerUnit
        return own / (stepsPerUnit * stepsPerUnit * stepsPerUnit) + comparison
    }
}
