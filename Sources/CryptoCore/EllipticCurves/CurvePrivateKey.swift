internal import COpenSSL

/// A private key that makes Ed25519 or ECDSA signatures.
///
/// The agent holds such keys for `ssh`. It owns OpenSSL's key, which is cleansed at its end.
@safe
public final class CurvePrivateKey: @unchecked Sendable {
    // `@unchecked Sendable`: OpenSSL keys are not changed after they are made.
    private let key: OpaquePointer
    /// The public half.
    public let publicKey: CurvePublicKey

    /// Reads a key from its numbers: the scalar, big endian, or the 32-byte seed of Ed25519.
    ///
    /// Throws `CryptoError` unless `point` is the public half.
    public init(
        _ curve: SignatureCurve,
        scalar: RawSpan,
        point: [UInt8]
    ) throws(CryptoError) {
        SecureHeap.open()
        publicKey = try CurvePublicKey(curve, point: point)
        guard (1...curve.scalarByteCount).contains(scalar.byteCount) else {
            throw CryptoError.invalidEncoding("private key")
        }
        // SAFETY: OpenSSL reads the counts given and keeps no pointer.
        let made = unsafe scalar.withUnsafeBytes { bytes -> OpaquePointer? in
            let start = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress
            guard let group = curve.groupName else {
                return unsafe EVP_PKEY_new_raw_private_key(
                    EVP_PKEY_ED25519,
                    nil,
                    start,
                    bytes.count
                )
            }
            return unsafe copenssl_ec_from_numbers(group, point, point.count, start, bytes.count)
        }
        guard let made = unsafe made else {
            ERR_clear_error()
            throw CryptoError.invalidEncoding("private key")
        }
        unsafe key = made
        guard isPair else { throw CryptoError.refused("the parts of the key do not fit together") }
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Whether the private half belongs to the public one.
    private var isPair: Bool {
        guard publicKey.curve == .ed25519 else {
            let context = unsafe allocated(EVP_PKEY_CTX_new(key, nil))
            defer {
                unsafe EVP_PKEY_CTX_free(context)
                ERR_clear_error()
            }
            return unsafe EVP_PKEY_pairwise_check(context) == 1
        }
        var point = [UInt8](repeating: 0, count: publicKey.point.count)
        var count = point.count
        // SAFETY: the output holds the 32 bytes that are written.
        guard unsafe EVP_PKEY_get_raw_public_key(key, &point, &count) == 1 else { return false }
        return point == publicKey.point
    }

    /// Signs a message: 64 bytes for Ed25519, DER for ECDSA; throws `CryptoError` if OpenSSL fails.
    public func signature(over message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try unsafe OneShotSignature.make(message, key: key, hash: publicKey.curve.hash)
    }

    /// The private half, as `init` reads it; throws `CryptoError` if OpenSSL fails.
    public func scalar() throws(CryptoError) -> SecretBytes {
        guard publicKey.curve == .ed25519 else { return try number() }
        return try SecretBytes(count: publicKey.curve.scalarByteCount) { view throws(CryptoError) in
            // SAFETY: the output holds the 32 bytes that are written.
            let status = unsafe view.withUnsafeMutableBytes { output in
                var count = output.count
                return unsafe EVP_PKEY_get_raw_private_key(
                    key,
                    output.assumingMemoryBound(to: UInt8.self).baseAddress,
                    &count
                )
            }
            try check(status, "EVP_PKEY_get_raw_private_key")
        }
    }

    private func number() throws(CryptoError) -> SecretBytes {
        var number: OpaquePointer?
        // SAFETY: OpenSSL allocates the number; this function cleanses and frees it.
        guard unsafe EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("EVP_PKEY_get_bn_param")
        }
        defer { unsafe BN_clear_free(number) }
        return SecretBytes(count: Int(unsafe BN_num_bits(number) + 7) / 8) { view in
            // SAFETY: as many bytes are written as the number has.
            unsafe view.withUnsafeMutableBytes { output in
                _ = unsafe BN_bn2bin(number, output.assumingMemoryBound(to: UInt8.self).baseAddress)
            }
        }
    }
}
