internal import COpenSSL

/// The MAC of a PKCS#12 file (RFC 7292 § 4): HMAC with SHA-256 under a key from the passphrase.
struct PKCS12MAC: Sendable {
    /// The two encodings of an empty passphrase in practice: the derivation takes UTF-16 with a
    /// zero at the end.
    enum EmptyPassphrase: CaseIterable {
        /// The empty text: only its terminating zero, two bytes.
        case text
        /// No bytes at all.
        case nothing

        fileprivate var encoded: [UInt8] {
            switch self {
            case .text: [0, 0]
            case .nothing: []
            }
        }
    }

    private static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
    private static let largestSaltByteCount = 1024

    let iterationCount: UInt64
    private let tag: [UInt8]
    private let salt: [UInt8]

    /// Reads MacData; throws `CryptoError` if the hash is another one or the cost is out of bounds.
    init(_ fields: inout DERReader) throws(CryptoError) {
        var info = try fields.sequence()
        var algorithm = try info.sequence()
        let isModern = try algorithm.next(DER.Tag.objectIdentifier) == PKCS12MAC.sha256
        tag = try info.next(DER.Tag.octetString)
        salt = try fields.next(DER.Tag.octetString)
        iterationCount = fields.isAtEnd ? 1 : try fields.number()
        guard isModern, salt.count <= PKCS12MAC.largestSaltByteCount,
            (1...PKCS12Archive.largestIterationCount).contains(iterationCount)
        else {
            throw CryptoError.invalidParameter(
                "the PKCS#12 file is protected with an old or a very costly method, which is not "
                    + "supported",
                hint: "convert it first: openssl pkcs12 -legacy -in OLD -nodes | "
                    + "openssl pkcs12 -export -out NEW"
            )
        }
    }

    /// Returns whether this passphrase gives the MAC of the content.
    func fits(_ content: RawSpan, passphrase: RawSpan) throws(CryptoError) -> Bool {
        let key = try SecretBytes(count: HMACSHA256.byteCount) { view throws(CryptoError) in
            // SAFETY: OpenSSL reads the counts given and writes 32 bytes.
            let status = unsafe passphrase.withUnsafeBytes { bytes in
                unsafe view.withUnsafeMutableBytes { output in
                    var salt = salt
                    return unsafe PKCS12_key_gen_utf8(
                        bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                        CInt(bytes.count),
                        &salt,
                        CInt(salt.count),
                        PKCS12_MAC_ID,
                        CInt(clamping: iterationCount),
                        CInt(output.count),
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        EVP_sha256()
                    )
                }
            }
            try check(status, "PKCS12_key_gen_utf8")
        }
        return fits(content, key: key.bytes)
    }

    /// Returns whether an empty passphrase in this encoding gives the MAC of the content.
    func fits(_ content: RawSpan, empty: EmptyPassphrase) throws(CryptoError) -> Bool {
        let key = try SecretBytes(count: HMACSHA256.byteCount) { view throws(CryptoError) in
            // SAFETY: OpenSSL reads the counts given and writes 32 bytes.
            let status = unsafe view.withUnsafeMutableBytes { output in
                var passphrase = empty.encoded
                var salt = salt
                return unsafe PKCS12_key_gen_uni(
                    &passphrase,
                    CInt(passphrase.count),
                    &salt,
                    CInt(salt.count),
                    PKCS12_MAC_ID,
                    CInt(clamping: iterationCount),
                    CInt(output.count),
                    output.assumingMemoryBound(to: UInt8.self).baseAddress,
                    EVP_sha256()
                )
            }
            try check(status, "PKCS12_key_gen_uni")
        }
        return fits(content, key: key.bytes)
    }

    private func fits(_ content: RawSpan, key: RawSpan) -> Bool {
        tag.count == HMACSHA256.byteCount
            && HMACSHA256.isValid(tag, of: content, key: key)
    }
}
