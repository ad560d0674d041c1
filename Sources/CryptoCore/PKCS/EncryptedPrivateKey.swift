/// EncryptedPrivateKeyInfo (RFC 5958 § 3) under PBES2 (RFC 8018 § 6.2).
public struct EncryptedPrivateKey: Sendable {
    /// PBKDF2 iterations that are written: OWASP's figure for HMAC-SHA256.
    public static let iterationCount: UInt64 = 600_000

    /// How it is encrypted.
    public let algorithm: PBES2
    private let sealed: [UInt8]

    /// Reads an EncryptedPrivateKeyInfo and nothing after it.
    ///
    /// Throws `CryptoError` for another structure, another algorithm, and for a derivation that
    /// would occupy the machine.
    public init(der: [UInt8]) throws(CryptoError) {
        var reader = DERReader(der)
        var content = try reader.sequence()
        try reader.finish()
        algorithm = try PBES2(algorithmIdentifier: &content)
        sealed = try content.next(DER.Tag.octetString)
        try content.finish()
    }

    /// Whether these bytes look like an EncryptedPrivateKeyInfo, whatever its algorithm.
    public static func isEncoded(in der: [UInt8]) -> Bool {
        var reader = DERReader(der)
        guard var content = try? reader.sequence(), reader.isAtEnd,
            (try? content.sequence()) != nil,
            (try? content.next(DER.Tag.octetString)) != nil
        else { return false }
        return content.isAtEnd
    }

    /// Encrypts a key with AES-256-CBC.
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

    /// Decrypts the key; throws `CryptoError` for a wrong passphrase and for damage alike.
    public func open(passphrase: RawSpan) throws(CryptoError) -> RSAPrivateKey {
        let info = try privateKeyInfo(passphrase: passphrase)
        return try RSAPrivateKey(der: info.bytes)
    }

    /// Decrypts the key's PrivateKeyInfo, whatever its algorithm; throws as `open` does.
    public func privateKeyInfo(passphrase: RawSpan) throws(CryptoError) -> SecretBytes {
        let plain = try algorithm.open(sealed.borrowedBytes, passphrase: passphrase)
        // A wrong passphrase may leave a padding that fits; what it decrypts is no DER then.
        try EncryptedPrivateKey.requireSequence(plain)
        return plain
    }

    private static func requireSequence(_ plain: borrowing SecretBytes) throws(CryptoError) {
        guard DER.isSequence(plain.bytes) else { throw CryptoError.authenticationFailed }
    }
}
