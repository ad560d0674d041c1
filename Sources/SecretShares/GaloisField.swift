/// The field of 256 elements modulo x⁸ + x⁴ + x³ + x + 1 (SLIP-0039 § "Shamir's secret-sharing").
///
/// No table and no branch depends on an element, so the time tells nothing about it. Addition is
/// `^`.
enum GaloisField {
    private static let bitCount = 8
    /// The polynomial without its x⁸.
    private static let reduction: UInt8 = 0x1b

    /// Returns the product of two elements.
    static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (shifted, rest) = (left, right)
        var product: UInt8 = 0
        for _ in 0..<bitCount {
            product ^= shifted & mask(rest & 1)
            let carry = mask(shifted >> 7)
            shifted = shifted << 1 ^ (reduction & carry)
            rest >>= 1
        }
        return product
    }

    /// Returns the inverse of an element, as its 254th power.
    ///
    /// The inverse of zero is zero.
    static func inverse(_ element: UInt8) -> UInt8 {
        // 254 = 2 + 4 + … + 128
        var power = element
        var inverse: UInt8 = 1
        for _ in 1..<bitCount {
            power = product(power, power)
            inverse = product(inverse, power)
        }
        return inverse
    }

    /// Returns eight ones for 1, and eight zeros for 0.
    private static func mask(_ bit: UInt8) -> UInt8 { 0 &- bit }
}
