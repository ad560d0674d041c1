internal import CryptoCore

/// The decoded bytes of a Bech32 text, in cleansed memory that copies of a key share.
final class BechData: Sendable {
    let bytes: SecretBytes

    init(copying bytes: RawSpan) { self.bytes = SecretBytes(copying: bytes) }

    /// Converts groups of five bits to bytes; `nil` if the remaining bits are not zero, or are five
    /// or more.
    init?(regrouping values: borrowing SecretBytes, count: Int) {
        let byteCount = count * 5 / 8
        let spare = count * 5 - byteCount * 8
        guard spare < 5 else { return nil }
        var accumulator: UInt32 = 0
        var bitCount: UInt32 = 0
        var position = 0
        bytes = SecretBytes(count: byteCount) { view in
            for index in 0..<count {
                accumulator = (accumulator << 5 | UInt32(values.bytes.byte(at: index))) & 0xfff
                bitCount += 5
                if bitCount >= 8 {
                    bitCount -= 8
                    view.storeBytes(
                        of: UInt8(accumulator >> bitCount & 0xff),
                        toByteOffset: position,
                        as: UInt8.self
                    )
                    position += 1
                }
            }
        }
        guard accumulator & ((1 << bitCount) - 1) == 0 else { return nil }
    }
}
