internal import COpenSSL

/// The numbers of an RSA private key (RFC 8017 § A.1.2), each big endian.
///
/// Formats that write the numbers one by one use it. It owns them and cleanses the secret ones.
public struct RSAComponents: ~Copyable {
    /// n, without leading zeros.
    public let modulus: [UInt8]
    /// e, without leading zeros.
    public let publicExponent: [UInt8]
    /// d.
    public let privateExponent: SecretBytes
    /// p.
    public let firstPrime: SecretBytes
    /// q.
    public let secondPrime: SecretBytes
    /// d mod (p - 1).
    public let firstExponent: SecretBytes
    /// d mod (q - 1).
    public let secondExponent: SecretBytes
    /// q⁻¹ mod p.
    public let coefficient: SecretBytes

    /// Reads the numbers of a key; throws `CryptoError` if the key has no p and q.
    public init(of key: RSAPrivateKey) throws(CryptoError) {
        let privateExponent = try key.number(OSSL_PKEY_PARAM_RSA_D)
        let firstPrime = try key.number("rsa-factor1")
        let secondPrime = try key.number("rsa-factor2")
        let firstExponent = try key.number("rsa-exponent1")
        let secondExponent = try key.number("rsa-exponent2")
        let coefficient = try key.number("rsa-coefficient1")
        modulus = key.publicKey.modulus
        publicExponent = key.publicKey.exponent
        self.privateExponent = privateExponent
        self.firstPrime = firstPrime
        self.secondPrime = secondPrime
        self.firstExponent = firstExponent
        self.secondExponent = secondExponent
        self.coefficient = coefficient
    }
}

extension RSAPrivateKey {
    /// Makes a key from its numbers and computes the other parts.
    ///
    /// `validate` tells whether the numbers fit together. Throws `CryptoError` if a number is empty
    /// or too long.
    public convenience init(
        modulus: [UInt8],
        publicExponent: [UInt8],
        privateExponent: RawSpan,
        firstPrime: RawSpan,
        secondPrime: RawSpan
    ) throws(CryptoError) {
        let longest = RSAPublicKey.largestBitCount / 8 + 1
        guard
            [
                modulus.count, publicExponent.count, privateExponent.byteCount,
                firstPrime.byteCount, secondPrime.byteCount,
            ].allSatisfy({ (1...longest).contains($0) })
        else { throw CryptoError.invalidEncoding("RSA private key") }
        // SAFETY: the shim reads the counts given and keeps no pointer.
        let der = try unsafe privateExponent.withUnsafeBytes { d throws(CryptoError) in
            try unsafe firstPrime.withUnsafeBytes { p throws(CryptoError) in
                try unsafe secondPrime.withUnsafeBytes { q throws(CryptoError) in
                    let key = unsafe copenssl_rsa_from_numbers(
                        modulus,
                        modulus.count,
                        publicExponent,
                        publicExponent.count,
                        d.assumingMemoryBound(to: UInt8.self).baseAddress,
                        d.count,
                        p.assumingMemoryBound(to: UInt8.self).baseAddress,
                        p.count,
                        q.assumingMemoryBound(to: UInt8.self).baseAddress,
                        q.count
                    )
                    guard let key = unsafe key else {
                        ERR_clear_error()
                        throw CryptoError.invalidEncoding("RSA private key")
                    }
                    defer { unsafe EVP_PKEY_free(key) }
                    return try unsafe secretDER("i2d_PrivateKey") {
                        unsafe i2d_PrivateKey(key, $0)
                    }
                }
            }
        }
        try self.init(der: der.bytes)
    }

    fileprivate func number(_ name: String) throws(CryptoError) -> SecretBytes {
        var number: OpaquePointer?
        // SAFETY: OpenSSL allocates the number; this function cleanses and frees it.
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1 else {
            ERR_clear_error()
            throw CryptoError.refused("the RSA private key has no prime factors")
        }
        defer { unsafe BN_clear_free(number) }
        let count = Int(unsafe BN_num_bits(number) + 7) / 8
        return SecretBytes(count: count) { view in
            // SAFETY: as many bytes are written as the number has.
            unsafe view.withUnsafeMutableBytes { output in
                _ = unsafe BN_bn2bin(number, output.assumingMemoryBound(to: UInt8.self).baseAddress)
            }
        }
    }
}

extension RSAPublicKey {
    /// Reads the modulus of a SubjectPublicKeyInfo, big endian, without making a key.
    ///
    /// This is fast enough to compare thousands of keys. Throws `CryptoError` if the DER is
    /// damaged.
    public static func modulus(ofSPKI der: [UInt8]) throws(CryptoError) -> [UInt8] {
        try numbers(ofSPKI: der).modulus
    }

    /// Reads modulus and exponent of a SubjectPublicKeyInfo, big endian, without making a key.
    ///
    /// Throws `CryptoError` if the DER is damaged.
    public static func numbers(
        ofSPKI der: [UInt8]
    ) throws(CryptoError) -> (modulus: [UInt8], exponent: [UInt8]) {
        var reader = DERReader(der)
        var info = try reader.sequence()
        _ = try info.sequence()
        var key = DERReader(Array(try info.next(DER.Tag.bitString).dropFirst()))  // no unused bits
        var numbers = try key.sequence()
        let modulus = Array(try numbers.next(DER.Tag.integer).drop { $0 == 0 })
        return (modulus, Array(try numbers.next(DER.Tag.integer).drop { $0 == 0 }))
    }

    /// Makes a key from its modulus and exponent, big endian; throws `CryptoError` if it is
    /// invalid.
    public convenience init(modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
        try self.init(pkcs1DER: DER.sequence(DER.integer(modulus) + DER.integer(exponent)))
    }
}
