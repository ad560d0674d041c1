internal import COpenSSL

/// A number that is not negative, for looking at public keys: not for secrets, as none of this
/// runs in constant time.
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

    /// The remainder of a division by a small number.
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

    /// The difference; `other` must not be larger.
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

    /// The largest number whose square is not larger, by Newton's method.
    func squareRoot(_ scratch: borrowing Scratch) throws(CryptoError) -> BigNumber {
        guard !isZero else { return BigNumber([]) }
        // Begins above the root, and sinks until it no longer does.
        let start = [UInt8(1) << UInt8((bitCount + 1) / 2 % 8)]
        var root = BigNumber(start + [UInt8](repeating: 0, count: (bitCount + 1) / 2 / 8))
        while true {
            let quotient = try divided(by: root, scratch)
            let next = try root.adding(quotient).halved()
            guard next.isLess(than: root) else { return root }
            root = next
        }
    }

    /// Whether 2 to its power less one is one modulo it: every odd prime passes Fermat's test, and a
    /// modulus of two unknown primes practically never does.
    ///
    /// One exponentiation, where a proof would take minutes for the largest keys.
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

    /// Whether it is a prime, but for a chance below 2⁻¹²⁸ (FIPS 186-5 § B.3).
    func isProbablePrime(_ scratch: borrowing Scratch) -> Bool {
        unsafe BN_check_prime(number, scratch.context, nil) == 1
    }

    /// Room that OpenSSL computes in, made once for many operations.
    @safe
    struct Scratch: ~Copyable {
        let context: OpaquePointer

        init() { unsafe context = allocated(BN_CTX_new()) }

        deinit { unsafe BN_CTX_free(context) }
    }
}

/// Whether numbers are prime.
public enum Primality {
    /// Whether the magnitude, big endian, is a prime, but for a chance below 2⁻¹²⁸.
    public static func isProbablePrime(_ magnitude: [UInt8]) -> Bool {
        let scratch = BigNumber.Scratch()
        let number = BigNumber(magnitude)
        return number.isProbablePrime(scratch)
    }
}
