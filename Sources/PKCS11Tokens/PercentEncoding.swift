/// The percent-encoding of PKCS #11 URIs (RFC 7512 § 2.3).
enum PercentEncoding {
    /// Returns the bytes of a value; `nil` for a character that must be encoded, or a bad triplet.
    static func decode(_ text: Substring, alsoAllowing extra: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            } else {
                guard isAvailable(byte) || extra.utf8.contains(byte) else { return nil }
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Returns a value in which everything but unreserved characters is encoded.
    static func encode(_ bytes: [UInt8], encodingAll: Bool = false) -> String {
        var text = ""
        for byte in bytes {
            if isUnreserved(byte) && !encodingAll {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }

    /// The characters that stand for themselves in every value: unreserved, and `pk11-res-avail`.
    private static func isAvailable(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || ":[]@!$'()*+,=".utf8.contains(byte)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
