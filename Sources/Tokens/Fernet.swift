public import CryptoCore

/// A Fernet key (github.com/fernet/spec), which makes and opens Fernet tokens.
///
/// A token is AES-128-CBC with HMAC-SHA256; its time is not encrypted. The value owns the key.
public struct FernetKey: ~Copyable {
    /// The length of a key, in bytes: half for the HMAC, half for AES.
    public static let byteCount = 32
    /// The largest token that is read, in bytes.
    public static let largestTokenByteCount = 16 << 20
    /// How far a token's time may be in the future, in seconds.
    public static let clockSkew: Int64 = 60

    private static let version: UInt8 = 0x80
    private static let half = byteCount / 2
    private static let vectorByteCount = 16
    private static let headByteCount = 1 + 8 + vectorByteCount

    private let bytes: SecretBytes

    /// Makes a random key; throws `CryptoError` if the random source fails.
    public init() throws(CryptoError) { bytes = try SecretBytes.random(count: FernetKey.byteCount) }

    /// Reads a key: padded base64url, perhaps with a line end; throws `TokenError` for other text.
    public init(text: RawSpan) throws(TokenError) {
        let characters = FernetText.characters(text)
        guard let key = try? FernetText.decode(characters.bytes),
            key.count == FernetKey.byteCount
        else {
            throw TokenError.damaged(
                "this is not a Fernet key: a Fernet key has 32 bytes, written in base64url",
                hint: "make one: keyctl token key --out fernet.key"
            )
        }
        bytes = key.copy()
    }

    /// The key as text, in memory that is cleansed.
    public var text: SecretBytes {
        let unpadded = Base64URL.encode(secret: bytes.bytes)
        return SecretBytes(count: unpadded.count + 1) { view in
            view.copy(unpadded.bytes, to: 0)
            view.storeBytes(of: UInt8(ascii: "="), toByteOffset: unpadded.count, as: UInt8.self)
        }
    }

    /// Seals a message; `time` is in seconds since 1970.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public func seal(_ message: RawSpan, time: Int64) throws(CryptoError) -> String {
        let vector = try SecureRandom.bytes(count: FernetKey.vectorByteCount)
        return try seal(message, time: time, vector: vector)
    }

    /// Seals with a given vector; only for published test vectors.
    ///
    /// Throws like the other `seal`.
    package func seal(
        _ message: RawSpan,
        time: Int64,
        vector: [UInt8]
    ) throws(CryptoError) -> String {
        let sealed = try BlockCipher.aes128CBC.encrypt(
            message,
            key: bytes.bytes.extracting(droppingFirst: FernetKey.half),
            vector: vector,
            padding: .pkcs7
        )
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * Int64($0))) }
        let head = [FernetKey.version] + stamp + vector + sealed.publicBytes
        let tag = try HMACSHA256.tag(
            of: head.borrowedBytes,
            key: bytes.bytes.extracting(first: FernetKey.half)
        )
        let text = Base64URL.encode(head + tag)
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    /// Returns the message of a token; `lifetime`, `now` and `clockSkew` are in seconds.
    ///
    /// Throws `TokenError` if the token is damaged, was made with another key, is older than
    /// `lifetime`, or is from the future.
    public func open(
        _ token: RawSpan,
        lifetime: Int64?,
        now: Int64,
        clockSkew: Int64 = clockSkew
    ) throws -> SecretBytes {
        let damaged = TokenError.notVerified("the token is damaged, or was made with another key")
        let characters = FernetText.characters(token)
        guard characters.count <= FernetKey.largestTokenByteCount,
            let decoded = try? FernetText.decode(characters.bytes)
        else { throw damaged }
        let content = decoded.publicBytes
        let sealedCount = content.count - FernetKey.headByteCount - HMACSHA256.byteCount
        guard content.first == FernetKey.version, sealedCount > 0,
            sealedCount.isMultiple(of: FernetKey.vectorByteCount)
        else { throw damaged }
        let tagged = Array(content.dropLast(HMACSHA256.byteCount))
        let isAuthentic = HMACSHA256.isValid(
            Array(content.suffix(HMACSHA256.byteCount)),
            of: tagged.borrowedBytes,
            key: bytes.bytes.extracting(first: FernetKey.half)
        )
        guard isAuthentic else { throw damaged }
        let stamp = content[1..<9].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard let time = Int64(exactly: stamp), time <= now.addingClamped(clockSkew) else {
            throw TokenError.notVerified("the time of the token is in the future")
        }
        if let lifetime, now > time.addingClamped(lifetime) {
            throw TokenError.notVerified("the token has expired")
        }
        let vector = Array(content[9..<FernetKey.headByteCount])
        let sealed = Array(tagged.dropFirst(FernetKey.headByteCount))
        do {
            return try BlockCipher.aes128CBC.decrypt(
                sealed.borrowedBytes,
                key: bytes.bytes.extracting(droppingFirst: FernetKey.half),
                vector: vector,
                padding: .pkcs7
            )
        } catch { throw damaged }
    }
}

/// Padded base64url, as Fernet uses it.
private enum FernetText {
    /// Returns the text without white space around it.
    static func characters(_ text: RawSpan) -> SecretBytes {
        var start = 0
        var end = text.byteCount
        func isSpace(_ index: Int) -> Bool {
            let byte = text.byte(at: index)
            return byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
        }
        while start < end, isSpace(start) { start += 1 }
        while end > start, isSpace(end - 1) { end -= 1 }
        return SecretBytes(copying: text.extracting(start..<end))
    }

    static func decode(_ text: RawSpan) throws(CryptoError) -> SecretBytes {
        var count = text.byteCount
        guard count > 0, count.isMultiple(of: 4) else { throw CryptoError.malformed("token") }
        for _ in 0..<2 where text.byte(at: count - 1) == UInt8(ascii: "=") {
            count -= 1
        }
        return try Base64URL.decode(secret: text.extracting(first: count))
    }
}

extension Int64 {
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other > 0 ? .max : .min) : sum
    }
}
