internal import COpenSSL

/// A number that is not negative, for examining public keys.
///
/// It owns OpenSSL's number. It is not for secrets: nothing here runs in constant time.
@safe
struct BigNumber: ~Copyable {
    private let number: OpaquePointer

    private init(owning number: OpaquePointer) { unsafe self.number = number }

    private init() { unsafe number = allocated(BN_new()) }

    /// Reads a magnitude, big endian.
    init(_ magnitude: [UInt8]) {
        // SAFETY: BN_bin2bn reads the count given.
        unsafe number = allocated(BN_bin2bn(magnitude, CInt(magnitude.count), nil))
    }

    deinit { unsafe BN_free(number) }

    var bitCount: Int { Int(unsafe BN_num_bits(number)) }
    var isOne: Bool { unsafe BN_is_one(number) == 1 }
    var isZero: Bool { unsafe BN_is_zero(number) == 1 }
    var isOdd: Bool { unsafe BN_is_odd(number) == 1 }

    func copy() -> BigNumber { unsafe BigNumber(owning: allocated(BN_dup(number))) }

    func isLess(than other: borrowing BigNumber) -> Bool { unsafe BN_cmp(number, other.number) < 0 }

    func isEqual(to other: borrowing BigNumber) -> Bool { unsafe BN_cmp(number, other.number) == 0 }

    /// Returns the remainder of the division by a small number.
    func remainder(dividingBy small: UInt) -> UInt {
        unsafe BN_mod_word(number, small)
    }

    func greatestCommonDivisor(
        with other: borrowing BigNumber,
        _ scratch: borrowing Scratch
    ) throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        let status = unsafe BN_gcd(result.number, number, other.number, scratch.context)
        try check(status, "BN_gcd")
        return result
    }

    func multiplied(
        by other: borrowing BigNumber,
        modulo modulus: borrowing BigNumber,
        _ scratch: borrowing Scratch
    ) throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        let status = unsafe BN_mod_mul(
            result.number,
            number,
            other.number,
            modulus.number,
            scratch.context
        )
        try check(status, "BN_mod_mul")
        return result
    }

    func squared(_ scratch: borrowing Scratch) throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        try check(unsafe BN_sqr(result.number, number, scratch.context), "BN_sqr")
        return result
    }

    func adding(_ other: borrowing BigNumber) throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        try check(unsafe BN_add(result.number, number, other.number), "BN_add")
        return result
    }

    /// Returns the difference; `other` must not be larger.
    func subtracting(_ other: borrowing BigNumber) throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        try check(unsafe BN_sub(result.number, number, other.number), "BN_sub")
        return result
    }

    func divided(
        by other: borrowing BigNumber,
        _ scratch: borrowing Scratch
    ) throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        let status = unsafe BN_div(result.number, nil, number, other.number, scratch.context)
        try check(status, "BN_div")
        return result
    }

    private func halved() throws(CryptoError) -> BigNumber {
        let result = BigNumber()
        try check(unsafe BN_rshift1(result.number, number), "BN_rshift1")
        return result
    }

    /// Returns the largest number whose square is not larger than this one, by Newton's method.
    func squareRoot(_ scratch: borrowing Scratch) throws(CryptoError) -> BigNumber {
        guard !isZero else { return BigNumber([]) }
        // The first value is above the root. The values fall until they reach it.
        let start = [UInt8(1) << UInt8((bitCount + 1) / 2 % 8)]
        var root = BigNumber(start + [UInt8](repeating: 0, count: (bitCount + 1) / 2 / 8))
        while true {
            let quotient = try divided(by: root, scratch)
            let next = try root.adding(quotient).halved()
            guard next.isLess(than: root) else { return root }
            root = next
        }
    }

    /// Returns whether 2 to the power of this number less one is 1 modulo this number.
    ///
    /// Every odd prime passes this test of Fermat's, and a product of two unknown primes
    /// practically never does. It costs one exponentiation; a proof would take minutes for the
    /// largest keys.
    func passesFermatTest(_ scratch: borrowing Scratch) throws(CryptoError) -> Bool {
        let one = BigNumber([1])
        let two = BigNumber([2])
        guard isOdd, one.isLess(than: self) else { return false }
        let exponent = try subtracting(one)
        let power = BigNumber()
        let status = unsafe BN_mod_exp(
            power.number,
            two.number,
            exponent.number,
            number,
            scratch.context
        )
        try check(status, "BN_mod_exp")
        return power.isOne
    }

    /// Returns whether the number is prime; the error rate is below 2⁻¹²⁸ (FIPS 186-5 § B.3).
    func isProbablePrime(_ scratch: borrowing Scratch) -> Bool {
        unsafe BN_check_prime(number, scratch.context, nil) == 1
    }

    /// The memory in which OpenSSL computes, made once for many operations.
    @safe
    struct Scratch: ~Copyable {
        let context: OpaquePointer

        init() { unsafe context = allocated(BN_CTX_new()) }

        deinit { unsafe BN_CTX_free(context) }
    }
}

/// A test for primes.
public enum Primality {
    /// Returns whether a magnitude, big endian, is prime; the error rate is below 2⁻¹²⁸.
    public static func isProbablePrime(_ magnitude: [UInt8]) -> Bool {
        let scratch = BigNumber.Scratch()
        let number = BigNumber(magnitude)
        return number.isProbablePrime(scratch)
    }
}
