/// Standard base64 (RFC 4648 § 4) in canonical form: a text that does not encode back to itself is
/// refused.
///
/// It is for public bytes and ciphertext. Private keys go through ``SecretBase64``.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// Returns four characters for three bytes; with padding unless `padded` is `false`.
    public static func encode(_ bytes: [UInt8], padded: Bool = true) -> String {
        String(decoding: encodedBytes(bytes.borrowedBytes, padded: padded), as: UTF8.self)
    }

    /// Returns the bytes of canonical base64, or `nil` for any other text, also if it has white
    /// space.
    public static func decode(_ text: some StringProtocol, padded: Bool = true) -> [UInt8]? {
        decode(Array(text.utf8), padded: padded)
    }

    /// Returns the bytes of canonical base64 in ASCII, or `nil` for any other text.
    public static func decode(_ characters: [UInt8], padded: Bool = true) -> [UInt8]? {
        var digits = characters[...]
        if padded {
            guard digits.count.isMultiple(of: 4) else { return nil }
            for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        guard padded ? (digits.count + 3) / 4 * 4 == characters.count : true else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var accumulator: UInt32 = 0
        var bitCount = 0
        for character in digits {
            let value = values[Int(character)]
            guard value != 255 else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bitCount)))
                accumulator &= (1 << UInt32(bitCount)) - 1
            }
        }
        // Canonical: the unused bits are zero (RFC 4648 § 3.5).
        return accumulator == 0 ? bytes : nil
    }

    static func encodedBytes(_ bytes: RawSpan, padded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.byteCount + 2) / 3 * 4)
        func byte(_ index: Int) -> UInt32 {
            index < bytes.byteCount ? UInt32(bytes.byte(at: index)) : 0
        }
        for start in stride(from: 0, to: bytes.byteCount, by: 3) {
            let group = byte(start) << 16 | byte(start + 1) << 8 | byte(start + 2)
            let used = min(3, bytes.byteCount - start) + 1
            for position in 0..<4 {
                if position < used {
                    text.append(alphabet[Int(group >> UInt32(18 - 6 * position)) & 63])
                } else if padded {
                    text.append(UInt8(ascii: "="))
                }
            }
        }
        return text
    }
}
