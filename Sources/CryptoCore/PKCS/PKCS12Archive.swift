/// A parsed PKCS#12 file (RFC 7292) with its MAC and its one private key.
///
/// It is not decrypted yet.
///
/// A file without a MAC is accepted, too. Then it protects no more than the PKCS#8 inside it.
public struct PKCS12Archive: Sendable {
    /// The largest number of MAC iterations that is read: some seconds of work.
    public static let largestIterationCount: UInt64 = 10_000_000
    /// The largest number of iterations with which an empty passphrase is tried before the user is
    /// asked for one.
    ///
    /// Programs that write files with an empty passphrase use some thousands.
    static let largestUnaskedIterationCount: UInt64 = 100_000
    /// The largest number of bags in a file: enough for a key, its chain and a trust store.
    static let largestBagCount = 1_000

    private let file: SharedSecret
    private let content: Range<Int>
    private let mac: PKCS12MAC?
    private let key: Bag

    /// The bag of the private key.
    private enum Bag: Sendable {
        /// A keyBag: the range of its PrivateKeyInfo, which is not encrypted.
        case plain(Range<Int>)
        /// A pkcs8ShroudedKeyBag: an EncryptedPrivateKeyInfo.
        case sealed(EncryptedPrivateKey)
    }

    /// Returns whether bytes begin like a PKCS#12 file: a SEQUENCE of version 3 and content.
    public static func isEncoded(in der: RawSpan) -> Bool {
        var reader = DERCursor(0..<der.byteCount)
        guard var content = try? reader.sequence(in: der), reader.isAtEnd,
            (try? content.number(in: der)) == 3, (try? content.sequence(in: der)) != nil
        else { return false }
        return true
    }

    /// Parses a file whose bags of keys are not encrypted as a whole.
    ///
    /// Throws `CryptoError` if the file is damaged, if it does not hold exactly one private key, if
    /// it would cost too much, or if it uses old ciphers.
    public init(der: RawSpan) throws(CryptoError) {
        var reader = DERCursor(0..<der.byteCount)
        var parts = try reader.sequence(in: der)
        try reader.finish()
        guard try parts.number(in: der) == 3 else {
            throw CryptoError.invalidEncoding("PKCS#12 file")
        }
        content = try PKCS12Archive.data(at: &parts, in: der)
        if parts.isAtEnd {
            mac = nil
        } else {
            let range = try parts.next(DER.Tag.sequence, in: der)
            try parts.finish()
            var fields = DERReader(SecretBytes(copying: der.extracting(range)).publicBytes)
            mac = try PKCS12MAC(&fields)
        }
        key = try PKCS12Archive.onlyKey(at: content, in: der)
        file = SharedSecret(copying: der)
    }

    /// Whether the private key is in the file without encryption.
    public var isPlain: Bool {
        if case .plain = key { true } else { false }
    }

    /// Returns the key's PrivateKeyInfo.
    ///
    /// Throws the same `CryptoError` for a wrong passphrase and for damage.
    public func privateKeyInfo(passphrase: RawSpan) throws(CryptoError) -> SecretBytes {
        guard passphrase.byteCount > 0 else {
            // The user gave the empty passphrase, so it is tried at any cost.
            if mac != nil, try !fitsEmptyPassphrase() { throw CryptoError.authenticationFailed }
            return try info(passphrase)
        }
        try PKCS12.requireText(passphrase)
        let isRight = try file.bytes.withBytes { bytes throws(CryptoError) in
            try mac?.fits(bytes.extracting(content), passphrase: passphrase) ?? true
        }
        guard isRight else { throw CryptoError.authenticationFailed }
        return try info(passphrase)
    }

    /// Returns the PrivateKeyInfo of a file that needs no passphrase: without MAC and encryption,
    /// or with an empty passphrase.
    ///
    /// Returns `nil` if the file needs one, or if trying would take long. Throws `CryptoError` if
    /// the file is damaged.
    public func privateKeyInfoWithoutPassphrase() throws(CryptoError) -> SecretBytes? {
        let none = SecretBytes(count: 0) { _ in }
        guard let mac else {
            guard case .plain = key else { return nil }
            return try info(none.bytes)
        }
        guard mac.iterationCount <= PKCS12Archive.largestUnaskedIterationCount,
            try fitsEmptyPassphrase()
        else { return nil }
        return try info(none.bytes)
    }

    private func fitsEmptyPassphrase() throws(CryptoError) -> Bool {
        guard let mac else { return false }
        return try file.bytes.withBytes { bytes throws(CryptoError) in
            for empty in PKCS12MAC.EmptyPassphrase.allCases
            where try mac.fits(bytes.extracting(content), empty: empty) {
                return true
            }
            return false
        }
    }

    private func info(_ passphrase: RawSpan) throws(CryptoError) -> SecretBytes {
        switch key {
        case .plain(let range):
            file.bytes.withBytes { SecretBytes(copying: $0.extracting(range)) }
        case .sealed(let sealed): try sealed.privateKeyInfo(passphrase: passphrase)
        }
    }
}

// MARK: Bags

extension PKCS12Archive {
    private enum Identifier {
        static let data: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]
        static let keyBag: [UInt8] = [
            0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x01,
        ]
        static let shroudedKeyBag: [UInt8] = [
            0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
        ]
        static let explicitTag: UInt8 = 0xa0
    }

    /// Returns the range of the content of a ContentInfo with plain data; throws for other content.
    private static func data(
        at cursor: inout DERCursor,
        in der: RawSpan
    ) throws(CryptoError) -> Range<Int> {
        guard let content = try dataIfPlain(at: &cursor, in: der) else {
            throw CryptoError.refused(
                "the PKCS#12 file is protected with a public key, which is not supported",
                hint: "export it again under a passphrase"
            )
        }
        return content
    }

    /// Returns the same range, or `nil` for other content.
    ///
    /// An encrypted part is such other content. It holds certificates, which are not needed here.
    private static func dataIfPlain(
        at cursor: inout DERCursor,
        in der: RawSpan
    ) throws(CryptoError) -> Range<Int>? {
        var info = try cursor.sequence(in: der)
        guard try identifier(at: &info, in: der) == Identifier.data else { return nil }
        var explicit = DERCursor(try info.next(Identifier.explicitTag, in: der))
        let content = try explicit.next(DER.Tag.octetString, in: der)
        try explicit.finish()
        return content
    }

    private static func identifier(
        at cursor: inout DERCursor,
        in der: RawSpan
    ) throws(CryptoError) -> [UInt8] {
        let range = try cursor.next(DER.Tag.objectIdentifier, in: der)
        return SecretBytes(copying: der.extracting(range)).publicBytes
    }

    private static func onlyKey(
        at content: Range<Int>,
        in der: RawSpan
    ) throws(CryptoError) -> Bag {
        var reader = DERCursor(content)
        var parts = try reader.sequence(in: der)
        try reader.finish()
        var found: [(isPlain: Bool, value: Range<Int>)] = []
        var bagCount = 0
        while !parts.isAtEnd {
            bagCount += 1  // an encrypted part counts as one bag
            guard bagCount <= largestBagCount else { throw tooManyBags }
            guard let bags = try dataIfPlain(at: &parts, in: der) else { continue }
            var reader = DERCursor(bags)
            var list = try reader.sequence(in: der)
            while !list.isAtEnd {
                bagCount += 1
                guard bagCount <= largestBagCount else { throw tooManyBags }
                var bag = try list.sequence(in: der)
                let kind = try identifier(at: &bag, in: der)
                let value = try bag.next(Identifier.explicitTag, in: der)
                let isPlain = kind == Identifier.keyBag
                guard isPlain || kind == Identifier.shroudedKeyBag else { continue }
                found.append((isPlain, value))
            }
        }
        guard found.count <= 1 else {
            throw CryptoError.refused(
                "the PKCS#12 file holds \(found.count) private keys, but exactly one is needed",
                hint: "export only the one that you need: keytool -importkeystore -srcalias NAME "
                    + "-srckeystore OLD -destkeystore NEW -deststoretype pkcs12"
            )
        }
        guard let only = found.first else {
            throw CryptoError.refused(
                "the PKCS#12 file holds no private key that can be read",
                hint: "write its certificates as PEM: openssl pkcs12 -in OLD -nokeys -out NEW"
            )
        }
        guard !only.isPlain else { return .plain(only.value) }
        let sealed = SecretBytes(copying: der.extracting(only.value)).publicBytes
        return .sealed(try EncryptedPrivateKey(der: sealed))
    }

    private static let tooManyBags = CryptoError.refused(
        "the PKCS#12 file holds more than \(largestBagCount) bags"
    )
}
