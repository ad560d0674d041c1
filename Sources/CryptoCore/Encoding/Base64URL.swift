/// Unpadded base64 with the URL-safe alphabet (RFC 4648 § 5) in canonical form, as JOSE uses it.
public enum Base64URL {
    /// Returns public bytes as text.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(
            decoding: Base64.encodedBytes(bytes.borrowedBytes, padded: false).map(urlCharacter),
            as: UTF8.self
        )
    }

    /// Returns the bytes that `encode` would write as `text`, or `nil` for any other text.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var characters: [UInt8] = []
        for character in text {
            guard let standard = standardCharacter(character) else { return nil }
            characters.append(standard)
        }
        return Base64.decode(characters, padded: false)
    }

    /// Returns secret bytes as text, in memory that is cleansed.
    public static func encode(secret bytes: RawSpan) -> SecretBytes {
        let padded = SecretBase64.encode(bytes)
        let count = (bytes.byteCount * 8 + 5) / 6
        return SecretBytes(count: count) { view in
            for index in 0..<count {
                // The unpadded characters are the first ones of the padded text.
                let character = padded.bytes.byte(at: index)
                view.storeBytes(of: urlCharacter(character), toByteOffset: index, as: UInt8.self)
            }
        }
    }

    /// Returns the secret bytes of a text; throws `CryptoError` if the text is not valid base64url.
    public static func decode(secret text: RawSpan) throws(CryptoError) -> SecretBytes {
        let padding = (4 - text.byteCount % 4) % 4
        guard padding < 3 else { throw CryptoError.invalidEncoding("base64url text") }
        let padded = try SecretBytes(count: text.byteCount + padding) { view throws(CryptoError) in
            for index in 0..<text.byteCount {
                guard let standard = standardCharacter(text.byte(at: index)) else {
                    throw CryptoError.invalidEncoding("base64url text")
                }
                view.storeBytes(of: standard, toByteOffset: index, as: UInt8.self)
            }
            for index in text.byteCount..<(text.byteCount + padding) {
                view.storeBytes(of: UInt8(ascii: "="), toByteOffset: index, as: UInt8.self)
            }
        }
        return try SecretBase64.decode(padded.bytes)
    }

    private static func urlCharacter(_ standard: UInt8) -> UInt8 {
        switch standard {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: standard
        }
    }

    private static func standardCharacter(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): nil
        default: character
        }
    }
}
