internal import CryptoCore

/// Base64 without padding, as stanzas have it.
extension SecretBase64 {
    static func encodeUnpadded(_ bytes: RawSpan) -> SecretBytes {
        let padded = encode(bytes)
        return SecretBytes(copying: padded.bytes.extracting(0..<((bytes.byteCount * 4 + 2) / 3)))
    }

    /// The bytes of canonical base64; `nil` for any other text.
    static func decodeUnpadded(_ text: RawSpan) -> SecretBytes? {
        guard text.byteCount % 4 != 1 else { return nil }
        let padding = (4 - text.byteCount % 4) % 4
        let padded = SecretBytes(count: text.byteCount + padding) { view in
            view.copy(text, to: 0)
            for index in 0..<padding {
                view.storeBytes(
                    of: UInt8(ascii: "="),
                    toByteOffset: text.byteCount + index,
                    as: UInt8.self
                )
            }
        }
        guard let bytes = try? decode(padded.bytes) else { return nil }
        // Canonical, and without the white space that OpenSSL skips (RFC 4648 § 3.5).
        let again = encodeUnpadded(bytes.bytes)
        guard constantTimeEquals(again.bytes, text) else { return nil }
        return bytes.copy()
    }
}
