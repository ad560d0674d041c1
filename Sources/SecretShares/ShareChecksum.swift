/// RS1024, a Reed–Solomon code over GF(1024).
///
/// It finds every error in at most three words (SLIP-0039 § "Checksum").
enum ShareChecksum {
    /// The number of words in a checksum.
    static let wordCount = 3
    private static let generator: [UInt32] = [
        0x00e0_e040, 0x01c1_c080, 0x0383_8100, 0x0707_0200, 0x0e0e_0009,
        0x1c0c_2412, 0x3808_6c24, 0x3090_fc48, 0x21b1_f890, 0x03f3_f120,
    ]

    /// Returns whether the last three words are the checksum of the words before.
    static func isValid(_ words: borrowing WordIndices, isExtendable: Bool) -> Bool {
        var remainder = customization(isExtendable)
        for position in 0..<words.count { mix(words[position], into: &remainder) }
        return remainder == 1
    }

    /// Returns the checksum of words; its first word is in the highest ten bits.
    static func checksum(of words: borrowing WordIndices, isExtendable: Bool) -> UInt32 {
        var remainder = customization(isExtendable)
        for position in 0..<words.count { mix(words[position], into: &remainder) }
        for _ in 0..<wordCount { mix(0, into: &remainder) }
        return remainder ^ 1
    }

    /// Returns the remainder of the customization string, which separates the two kinds of shares.
    private static func customization(_ isExtendable: Bool) -> UInt32 {
        var remainder: UInt32 = 1
        for character in (isExtendable ? "shamir_extendable" : "shamir").utf8 {
            mix(UInt16(character), into: &remainder)
        }
        return remainder
    }

    private static func mix(_ word: UInt16, into remainder: inout UInt32) {
        let top = remainder >> 20
        remainder = (remainder & 0xf_ffff) << 10 ^ UInt32(word)
        for (index, term) in generator.enumerated() {
            remainder ^= term & (0 &- (top >> UInt32(index) & 1))
        }
    }
}
