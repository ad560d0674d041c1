internal import COpenSSL

/// PKCS#12 (RFC 7292) in its modern form: AES-256 and HMAC with SHA-256.
public enum PKCS12 {
    private static let iterationCount: CInt = 600_000
    private static let largestMACIterationCount: UInt64 = 10_000_000

    /// Seals a key with its certificate under a passphrase; throws `CryptoError` for one with a zero byte.
    public static func seal(
        _ key: RSAPrivateKey,
        certificate: X509Certificate,
        friendlyName: String,
        passphrase: RawSpan
    ) throws(CryptoError) -> [UInt8] {
        try requireText(passphrase)
        let terminated = SecretBytes(count: passphrase.byteCount + 1) { view in
            view.copy(passphrase, to: 0)
        }
        // SAFETY: the passphrase ends with a zero; OpenSSL keeps no pointer.
        let sealed = unsafe terminated.bytes.withUnsafeBytes { bytes in
            unsafe PKCS12_create(
                bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                friendlyName,
                key.key,
                certificate.certificate,
                nil,
                NID_aes_256_cbc,
                NID_aes_256_cbc,
                iterationCount,
                iterationCount,
                0
            )
        }
        guard let sealed = unsafe sealed else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("PKCS12_create")
        }
        defer { unsafe PKCS12_free(sealed) }
        return try unsafe encodedDER("i2d_PKCS12") { unsafe i2d_PKCS12(sealed, $0) }
    }

    /// The library reads a passphrase up to its first zero: a random file may begin with one.
    private static func requireText(_ passphrase: RawSpan) throws(CryptoError) {
        for index in 0..<passphrase.byteCount {
            // SAFETY: the index lies within the passphrase.
            guard unsafe passphrase.unsafeLoad(fromByteOffset: index, as: UInt8.self) != 0 else {
                throw CryptoError.invalidParameter(
                    "a passphrase of PKCS#12 cannot hold a zero byte",
                    hint: "choose one that can be typed"
                )
            }
        }
    }

    /// Whether these bytes are a PKCS#12 file: a SEQUENCE of version 3, content and MAC.
    public static func isEncoded(in der: [UInt8]) -> Bool {
        var reader = DERReader(der)
        guard var content = try? reader.sequence(), reader.isAtEnd,
            (try? content.number()) == 3, let inner = try? content.sequence()
        else { return false }
        _ = inner
        return true
    }

    /// The first key of a file; throws `CryptoError` for a wrong passphrase and for damage alike,
    /// for a cost that would occupy the machine, and for the old ciphers.
    public static func open(
        _ der: [UInt8],
        passphrase: RawSpan
    ) throws(CryptoError) -> RSAPrivateKey {
        var reader = DERReader(der)
        var file = try reader.sequence()
        try reader.finish()
        guard try file.number() == 3 else { throw CryptoError.invalidEncoding("PKCS#12 file") }
        let safe = try data(in: &file)
        var mac = try file.sequence()
        try file.finish()
        try requireMAC(&mac, of: safe, passphrase)
        var contents = DERReader(safe)
        var parts = try contents.sequence()
        try contents.finish()
        while !parts.isAtEnd {
            guard let bags = try bags(of: &parts, passphrase) else { continue }
            var reader = DERReader(bags)
            var list = try reader.sequence()
            while !list.isAtEnd {
                var bag = try list.sequence()
                let kind = try bag.next(DER.Tag.objectIdentifier)
                let value = try bag.next(Identifier.explicitTag)
                guard kind == Identifier.shroudedKeyBag else { continue }
                return try EncryptedPrivateKey(der: value).open(passphrase: passphrase)
            }
        }
        throw CryptoError.invalidEncoding("PKCS#12 file: it holds no encrypted private key")
    }

    private enum Identifier {
        static let data: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]
        static let shroudedKeyBag: [UInt8] = [
            0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
        ]
        static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
        static let explicitTag: UInt8 = 0xa0
    }

    /// The content of a ContentInfo that holds plain data.
    private static func data(in reader: inout DERReader) throws(CryptoError) -> [UInt8] {
        var info = try reader.sequence()
        guard try info.next(DER.Tag.objectIdentifier) == Identifier.data else {
            throw CryptoError.invalidEncoding("PKCS#12 file: it is not protected by a passphrase")
        }
        var explicit = DERReader(try info.next(Identifier.explicitTag))
        let content = try explicit.next(DER.Tag.octetString)
        try explicit.finish()
        return content
    }

    /// The bags of one part; encrypted parts hold certificates, which nobody asks for here.
    private static func bags(
        of parts: inout DERReader,
        _ passphrase: RawSpan
    ) throws(CryptoError) -> [UInt8]? {
        var info = try parts.sequence()
        guard try info.next(DER.Tag.objectIdentifier) == Identifier.data else { return nil }
        var explicit = DERReader(try info.next(Identifier.explicitTag))
        return try explicit.next(DER.Tag.octetString)
    }

    private static func requireMAC(
        _ mac: inout DERReader,
        of safe: [UInt8],
        _ passphrase: RawSpan
    ) throws(CryptoError) {
        var info = try mac.sequence()
        var algorithm = try info.sequence()
        let isModern = try algorithm.next(DER.Tag.objectIdentifier) == Identifier.sha256
        let tag = try info.next(DER.Tag.octetString)
        let salt = try mac.next(DER.Tag.octetString)
        let count = mac.isAtEnd ? 1 : try mac.number()
        guard isModern, count <= largestMACIterationCount, salt.count <= 1024 else {
            throw CryptoError.invalidParameter(
                "this PKCS#12 file is protected in an old or a costly way, which is not opened",
                hint: "convert it first: openssl pkcs12 -legacy -in OLD -nodes | "
                    + "openssl pkcs12 -export -out NEW"
            )
        }
        let key = try SecretBytes(count: 32) { view throws(CryptoError) in
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
                        CInt(clamping: count),
                        32,
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        EVP_sha256()
                    )
                }
            }
            try check(status, "PKCS12_key_gen_utf8")
        }
        guard tag.count == HMACSHA256.byteCount,
            HMACSHA256.isValid(tag, of: safe.borrowedBytes, key: key.bytes)
        else { throw CryptoError.authenticationFailed }
    }
}
