internal import CryptoCore

/// Unpadded base64 (RFC 4648 § 4) between buffers that may be secret.
enum StanzaBase64 {
    static let lineFeed = UInt8(ascii: "\n")

    /// The number of characters for so many bytes.
    static func characterCount(of byteCount: Int) -> Int { (byteCount * 8 + 5) / 6 }

    /// Returns the character at an index of the base64 of `bytes`.
    static func character(_ index: Int, of bytes: RawSpan) -> UInt8 {
        let bit = index * 6
        let first = UInt16(bytes.byte(at: bit / 8))
        let second = bit / 8 + 1 < bytes.byteCount ? UInt16(bytes.byte(at: bit / 8 + 1)) : 0
        let value = UInt8((first << 8 | second) >> UInt16(10 - bit % 8) & 63)
        return switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    /// Returns the six bits of a character, or `nil` if it is not in the alphabet.
    static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// Writes the bytes of one line of base64; returns whether the line is canonical.
    ///
    /// `view` has room for three bytes for each four characters.
    static func decode(_ line: RawSpan, into view: inout MutableRawSpan) -> Bool {
        guard line.byteCount % 4 != 1 else { return false }
        var accumulator: UInt32 = 0
        var bitCount: UInt32 = 0
        var position = 0
        for index in 0..<line.byteCount {
            guard let value = value(of: line.byte(at: index)) else { return false }
            accumulator = accumulator << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                let byte = UInt8(truncatingIfNeeded: accumulator >> bitCount)
                view.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
                position += 1
                accumulator &= (1 << bitCount) - 1
            }
        }
        // Canonical: the unused bits are zero (RFC 4648 § 3.5).
        return accumulator == 0
    }
}
