internal import CryptoCore

/// The header fields that protect a sealed file's data key: key derivation, key check, wrapped key.
///
/// `SealedFile` owns it; docs/keystore-format.md gives the bytes.
struct DataKeyLock {
    static let dataKeyByteCount = AESGCM.keyByteCount
    private static let checkByteCount = 16

    /// `nil` means no passphrase: then `wrapped` is the data key itself.
    let derivation: PasswordHashString?
    let check: [UInt8]
    let wrapped: [UInt8]

    /// Wraps a data key with the given protection.
    ///
    /// Throws `CryptoError` if Argon2id cannot get its memory.
    init(
        _ dataKey: borrowing SecretBytes,
        id: SHA256Digest,
        protection: Protection
    ) throws(CryptoError) {
        switch protection {
        case .none:
            derivation = nil
            check = []
            wrapped = dataKey.publicBytes
        case .passphrase(let passphrase, let parameters):
            let salt = try SecureRandom.bytes(count: Argon2id.saltByteCount)
            let derivation = PasswordHashString(parameters: parameters, salt: salt)
            let stretched = try passphrase.stretched(derivation)
            let wrappingKey = try DataKeyLock.wrappingKey(stretched)
            let nonce = try SecureRandom.bytes(count: AESGCM.nonceByteCount)
            let sealed = try AESGCM.seal(
                dataKey.bytes,
                key: wrappingKey.bytes,
                nonce: nonce,
                authenticating: DataKeyLock.header(id, derivation)
            )
            self.derivation = derivation
            check = try DataKeyLock.check(stretched)
            wrapped = nonce + sealed
        }
    }

    /// Reads the header fields `kdf`, `check` and `wrap`; returns `nil` if one has a wrong format.
    init?(derivation: some StringProtocol, check: some StringProtocol, wrapped: [String]) {
        guard wrapped.count == 1, let wrapped = Base64.decode(wrapped[0]) else { return nil }
        self.wrapped = wrapped
        if derivation == "none" {
            guard check == "-", wrapped.count == DataKeyLock.dataKeyByteCount else { return nil }
            self.derivation = nil
            self.check = []
            return
        }
        guard let parsed = PasswordHashString(derivation), let bytes = Base64.decode(check),
            bytes.count == DataKeyLock.checkByteCount,
            wrapped.count == AESGCM.nonceByteCount + DataKeyLock.dataKeyByteCount
                + AESGCM.tagByteCount
        else { return nil }
        self.derivation = parsed
        self.check = bytes
    }

    var derivationText: String { derivation?.description ?? "none" }
    var checkText: String { derivation == nil ? "-" : Base64.encode(check) }

    /// The result of opening with a passphrase.
    enum Opened: ~Copyable {
        case dataKey(SecretBytes)
        case wrongPassphrase
        case damaged
    }

    /// Opens the data key.
    ///
    /// The key check tells a wrong passphrase from a damaged header.
    func open(_ passphrase: Passphrase?, id: SHA256Digest) throws(CryptoError) -> Opened {
        guard let derivation else {
            return .dataKey(SecretBytes(copying: wrapped.borrowedBytes))
        }
        guard let passphrase else { return .wrongPassphrase }
        let stretched = try passphrase.stretched(derivation)
        let expected = try DataKeyLock.check(stretched)
        guard constantTimeEquals(expected.borrowedBytes, check.borrowedBytes) else {
            return .wrongPassphrase
        }
        let wrappingKey = try DataKeyLock.wrappingKey(stretched)
        do throws(CryptoError) {
            let dataKey = try AESGCM.open(
                Array(wrapped.dropFirst(AESGCM.nonceByteCount)),
                key: wrappingKey.bytes,
                nonce: Array(wrapped.prefix(AESGCM.nonceByteCount)),
                authenticating: DataKeyLock.header(id, derivation)
            )
            return .dataKey(dataKey)
        } catch {
            return .damaged
        }
    }

    private static func header(_ id: SHA256Digest, _ derivation: PasswordHashString) -> [UInt8] {
        Array("keyctl wrap v1\n\(id)\n\(derivation.description)\n".utf8)
    }

    private static func wrappingKey(
        _ stretched: borrowing SecretBytes
    ) throws(CryptoError) -> SecretBytes {
        try HKDF.derive(
            from: stretched.bytes,
            info: Array("keyctl wrap v1".utf8),
            count: AESGCM.keyByteCount
        )
    }

    private static func check(
        _ stretched: borrowing SecretBytes
    ) throws(CryptoError) -> [UInt8] {
        let check = try HKDF.derive(
            from: stretched.bytes,
            info: Array("keyctl check v1".utf8),
            count: checkByteCount
        )
        return check.publicBytes
    }
}
