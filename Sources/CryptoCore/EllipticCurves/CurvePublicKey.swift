internal import COpenSSL

/// A public key that verifies Ed25519 or ECDSA signatures.
@safe
public final class CurvePublicKey: @unchecked Sendable {
    // `@unchecked Sendable`: OpenSSL keys are not changed after they are made.
    private let key: OpaquePointer
    /// The curve.
    public let curve: SignatureCurve
    /// The uncompressed point (SEC 1 § 2.3.3), or the 32 bytes of an Ed25519 key.
    public let point: [UInt8]

    /// Reads a key; throws `CryptoError` unless the point has the right length and lies on the
    /// curve.
    public init(_ curve: SignatureCurve, point: [UInt8]) throws(CryptoError) {
        guard point.count == curve.pointByteCount else {
            throw CryptoError.invalidEncoding("public key")
        }
        // SAFETY: OpenSSL reads the counts given and keeps no pointer.
        let made =
            if let group = curve.groupName {
                unsafe copenssl_ec_from_numbers(group, point, point.count, nil, 0)
            } else {
                unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, point, point.count)
            }
        guard let made = unsafe made else {
            ERR_clear_error()
            throw CryptoError.invalidEncoding("public key")
        }
        unsafe key = made
        self.curve = curve
        self.point = point
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Returns whether `signature` was made over `message`: 64 bytes for Ed25519, DER for ECDSA.
    public func isValidSignature(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        unsafe OneShotSignature.isValid(signature, over: message, key: key, hash: curve.hash)
    }
}
