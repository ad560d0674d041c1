/// A way to break an RSA public key that an examination of the key finds.
public enum RSAWeakness: Hashable, Sendable {
    /// The modulus is too short: its length in bits.
    case shortModulus(Int)
    /// The modulus is longer than the largest that is examined: its length in bits.
    case longModulus(Int)
    /// The public exponent is even, so the key cannot work.
    case evenExponent
    /// The public exponent is below 65,537 (FIPS 186-5 § A.1.1).
    case smallExponent
    /// The public exponent is longer than 256 bits (FIPS 186-5 § A.1.1).
    case hugeExponent
    /// The modulus has this small prime factor.
    case smallFactor(Int)
    /// The modulus is a prime, or a power of one.
    case primeModulus
    /// The prime factors are so close to each other that Fermat's method finds them.
    case closePrimes
    /// The key has the shape of the Infineon library's (ROCA, CVE-2017-15361).
    case roca

    /// The longest modulus that is examined, in bits: the longest private key that is read.
    ///
    /// The time of the examination grows with the cube of the length: 16,384 bits take half a
    /// second.
    public static let largestExaminedBitCount = RSAPrivateKey.largestBitCount
    /// The smallest exponent that is accepted.
    public static let smallestExponent: UInt64 = 65_537
    private static let largestExponentByteCount = 32
    private static let smallFactorLimit = 1 << 16
    private static let fermatStepCount = 128

    /// Returns the first weakness in length, exponent or evenness.
    ///
    /// It is cheap.
    public static func obvious(in key: RSAPublicKey) -> RSAWeakness? {
        guard key.bitCount >= RSAPublicKey.smallestBitCount else {
            return .shortModulus(key.bitCount)
        }
        guard key.bitCount <= largestExaminedBitCount else { return .longModulus(key.bitCount) }
        let exponent = key.exponent
        guard let last = exponent.last, !last.isMultiple(of: 2) else { return .evenExponent }
        guard exponent.count <= largestExponentByteCount else { return .hugeExponent }
        let isSmall =
            exponent.count <= 8
            && exponent.reduce(0 as UInt64, { $0 << 8 | UInt64($1) }) < smallestExponent
        guard !isSmall else { return .smallExponent }
        guard let low = key.modulus.last, !low.isMultiple(of: 2) else { return .smallFactor(2) }
        return nil
    }

    /// Returns all weaknesses that some milliseconds of work show.
    ///
    /// If the modulus is too long, only its length is returned. Throws `CryptoError` if OpenSSL
    /// fails.
    public static func all(in key: RSAPublicKey) throws(CryptoError) -> [RSAWeakness] {
        guard key.bitCount <= largestExaminedBitCount else { return [.longModulus(key.bitCount)] }
        let scratch = BigNumber.Scratch()
        let modulus = BigNumber(key.modulus)
        var found = obvious(in: key).map { [$0] } ?? []
        if let factor = smallFactor(of: modulus) {
            if !found.contains(.smallFactor(factor)) { found.append(.smallFactor(factor)) }
            return found
        }
        if try modulus.passesFermatTest(scratch) {
            found.append(.primeModulus)
        } else if try isSquareOfClosePrimes(modulus, scratch) {
            found.append(.closePrimes)
        }
        if hasROCAShape(modulus) { found.append(.roca) }
        return found
    }

    private static func smallFactor(of modulus: borrowing BigNumber) -> Int? {
        for prime in SmallPrimes.all where modulus.remainder(dividingBy: UInt(prime)) == 0 {
            return prime
        }
        return nil
    }

    /// Fermat (1643): n = a² - b², with a just above the square root of n.
    private static func isSquareOfClosePrimes(
        _ modulus: borrowing BigNumber,
        _ scratch: borrowing BigNumber.Scratch
    ) throws(CryptoError) -> Bool {
        let one = BigNumber([1])
        var candidate = try modulus.squareRoot(scratch)
        let square = try candidate.squared(scratch)
        if square.isEqual(to: modulus) { return true }
        for _ in 0..<fermatStepCount {
            candidate = try candidate.adding(one)
            let square = try candidate.squared(scratch)
            let rest = try square.subtracting(modulus)
            // A square is 0, 1, 4 or 9 modulo 16, so most candidates need no square root.
            guard [0, 1, 4, 9].contains(rest.remainder(dividingBy: 16)) else { continue }
            let root = try rest.squareRoot(scratch)
            let back = try root.squared(scratch)
            if back.isEqual(to: rest) { return true }
        }
        return false
    }

    /// Returns whether a modulus has the shape of Infineon's keys.
    ///
    /// Nemec and others 2017: such primes are powers of 65,537 modulo many small primes, and so is
    /// the modulus. A random modulus passes all these tests once in 2⁶².
    private static func hasROCAShape(_ modulus: borrowing BigNumber) -> Bool {
        for prime in SmallPrimes.all.lazy.filter({ (3...167).contains($0) }) {
            let residue = Int(modulus.remainder(dividingBy: UInt(prime)))
            var power = 1
            var isPower = false
            repeat {
                isPower = isPower || power == residue
                power = power * 65_537 % prime
            } while power != 1 && !isPower
            guard isPower else { return false }
        }
        return true
    }

    /// Returns the index of the first modulus that shares a factor with this key's, or equals it.
    ///
    /// It costs one product modulo n and one greatest common divisor, for any number of moduli.
    /// Throws `CryptoError` if OpenSSL fails.
    public static func sharedFactor(
        of key: RSAPublicKey,
        with others: [[UInt8]]
    ) throws(CryptoError) -> Int? {
        let scratch = BigNumber.Scratch()
        let modulus = BigNumber(key.modulus)
        var product = BigNumber([1])
        for other in others {
            let factor = BigNumber(other)
            product = try product.multiplied(by: factor, modulo: modulus, scratch)
        }
        let common = try modulus.greatestCommonDivisor(with: product, scratch)
        guard !common.isOne else { return nil }
        for (index, other) in others.enumerated() {
            let number = BigNumber(other)
            let divisor = try modulus.greatestCommonDivisor(with: number, scratch)
            if !divisor.isOne { return index }
        }
        return nil
    }

    private enum SmallPrimes {
        /// Every prime below 2¹⁶, by the sieve of Eratosthenes.
        static let all: [Int] = {
            var isComposite = [Bool](repeating: false, count: smallFactorLimit)
            var primes: [Int] = []
            for candidate in 2..<smallFactorLimit where !isComposite[candidate] {
                primes.append(candidate)
                for multiple in stride(
                    from: candidate * candidate,
                    to: smallFactorLimit,
                    by: candidate
                ) { isComposite[multiple] = true }
            }
            return primes
        }()
    }
}
