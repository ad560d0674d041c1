internal import CryptoCore

/// A private key with OpenSSL's old encryption (`Proc-Type: 4,ENCRYPTED`).
///
/// It is read, never written.
///
/// One MD5 turns the passphrase into the key, so a thief of such a file finds the passphrase fast.
struct LockedLegacyPEM: LockedPrivateKey {
    private static let ciphers: [String: BlockCipher] = [
        "AES-128-CBC": .aes128CBC, "AES-192-CBC": .aes192CBC, "AES-256-CBC": .aes256CBC,
        "DES-EDE3-CBC": .tripleDESCBC,
    ]
    private static let saltByteCount = 8

    let publicKey: PublicKey? = nil
    private let cipher: BlockCipher
    private let vector: [UInt8]
    private let sealed: [UInt8]

    var protection: String { "OpenSSL's old PEM encryption (WEAK: one MD5), \(cipher.rawValue)" }

    /// Reads the headers of a block; returns `nil` if it has none.
    ///
    /// Throws `KeyFormatError` if the headers are damaged or name another cipher.
    init?(_ text: RawSpan) throws {
        guard let headers = try PEM.headers(of: text) else { return nil }
        guard headers.fields["Proc-Type"] == "4,ENCRYPTED",
            let parts = headers.fields["DEK-Info"]?.split(separator: ","), parts.count == 2,
            let vector = Hexadecimal.decode(parts[1].lowercased())
        else { throw KeyFormatError.damaged("header of the encrypted PEM block") }
        guard let cipher = LockedLegacyPEM.ciphers[parts[0].uppercased()],
            vector.count == cipher.vectorByteCount
        else { throw KeyFormatError.legacyEncryptedPEM }
        self.cipher = cipher
        self.vector = vector
        sealed = headers.body
    }

    func open(passphrase: RawSpan) throws -> RSAPrivateKey {
        let key = try InsecureMD5.key(
            from: passphrase,
            salt: Array(vector.prefix(LockedLegacyPEM.saltByteCount)),
            count: cipher.keyByteCount
        )
        let plain = try cipher.decrypt(
            sealed.borrowedBytes,
            key: key.bytes,
            vector: vector,
            padding: .pkcs7
        )
        guard DERShape.of(plain.bytes).first == DER.Tag.integer else { throw CryptoError.wrongKey }
        let opened = try RSAPrivateKey(der: plain.bytes)
        try opened.validate()
        return opened
    }
}
