/// An EncryptedPrivateKeyInfo (RFC 5958 § 3) with PBES2 (RFC 8018 § 6.2).
public struct EncryptedPrivateKey: Sendable {
    /// The number of PBKDF2 iterations that is written: OWASP's number for HMAC-SHA256.
    public static let iterationCount: UInt64 = 600_000

    /// The encryption's parameters.
    public let algorithm: PBES2
    private let sealed: [UInt8]

    /// Reads an EncryptedPrivateKeyInfo and nothing after it.
    ///
    /// Throws `CryptoError` if the structure or the algorithm is another one, or if the key
    /// derivation would cost too much.
    public init(der: [UInt8]) throws(CryptoError) {
        var reader = DERReader(der)
        var content = try reader.sequence()
        try reader.finish()
        algorithm = try PBES2(algorithmIdentifier: &content)
        sealed = try content.next(DER.Tag.octetString)
        try content.finish()
    }

    /// Returns whether bytes look like an EncryptedPrivateKeyInfo with any algorithm.
    public static func isEncoded(in der: [UInt8]) -> Bool {
        var reader = DERReader(der)
        guard var content = try? reader.sequence(), reader.isAtEnd,
            (try? content.sequence()) != nil,
            (try? content.next(DER.Tag.octetString)) != nil
        else { return false }
        return content.isAtEnd
    }

    /// Encrypts a key with AES-256-CBC; returns the EncryptedPrivateKeyInfo.
    ///
    /// Throws `CryptoError` if too little memory is free for scrypt.
    public static func seal(
        _ key: RSAPrivateKey,
        passphrase: RawSpan,
        derivation: PBES2.Derivation = .pbkdf2(.hmacSHA256, iterationCount: iterationCount)
    ) throws(CryptoError) -> [UInt8] {
        let plain = try key.pkcs8DERRepresentation()
        let algorithm = try PBES2(derivation)
        let sealed = try algorithm.seal(plain.bytes, passphrase: passphrase)
        return DER.sequence(algorithm.algorithmIdentifier + DER.octetString(sealed))
    }

    /// Decrypts the key; throws the same `CryptoError` for a wrong passphrase and for damage.
    public func open(passphrase: RawSpan) throws(CryptoError) -> RSAPrivateKey {
        let info = try privateKeyInfo(passphrase: passphrase)
        return try RSAPrivateKey(der: info.bytes)
    }

    /// Decrypts the PrivateKeyInfo of a key of any algorithm; throws like `open`.
    public func privateKeyInfo(passphrase: RawSpan) throws(CryptoError) -> SecretBytes {
        let plain = try algorithm.open(sealed.borrowedBytes, passphrase: passphrase)
        // By chance, a wrong passphrase may leave a valid padding. Then the bytes are not DER.
        try EncryptedPrivateKey.requireSequence(plain)
        return plain
    }

    private static func requireSequence(_ plain: borrowing SecretBytes) throws(CryptoError) {
        guard DER.isSequence(plain.bytes) else { throw CryptoError.authenticationFailed }
    }
}
