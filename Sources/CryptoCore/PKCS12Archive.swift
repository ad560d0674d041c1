/// A PKCS#12 file (RFC 7292) that was read and not opened: its MAC, and its one private key.
///
/// A file without a MAC is taken as well: then it says no more than the PKCS#8 inside it.
public struct PKCS12Archive: Sendable {
    /// Most iterations of the MAC that are read: some seconds' work.
    public static let largestIterationCount: UInt64 = 10_000_000
    /// Most iterations with which an empty passphrase is tried before a person is asked for one.
    ///
    /// Tools that write files with an empty passphrase take some thousands.
    static let largestUnaskedIterationCount: UInt64 = 100_000
    /// Most bags of one file: a key, its chain, and a trust store beside it.
    static let largestBagCount = 1_000

    private let content: [UInt8]
    private let mac: PKCS12MAC?
    private let key: Bag

    /// The private key as the file has it.
    private enum Bag: Sendable {
        /// A keyBag: PrivateKeyInfo, open.
        case plain([UInt8])
        /// A pkcs8ShroudedKeyBag: EncryptedPrivateKeyInfo.
        case sealed(EncryptedPrivateKey)
    }

    /// Whether these bytes begin as a PKCS#12 file does: a SEQUENCE of version 3 and content.
    public static func isEncoded(in der: [UInt8]) -> Bool {
        var reader = DERReader(der)
        guard var content = try? reader.sequence(), reader.isAtEnd,
            (try? content.number()) == 3, (try? content.sequence()) != nil
        else { return false }
        return true
    }

    /// Reads a file, whose bags of keys are not encrypted as a whole.
    ///
    /// Throws `CryptoError` for damage, for several private keys or none, for a cost that would
    /// occupy the machine, and for the old ciphers.
    public init(der: [UInt8]) throws(CryptoError) {
        var reader = DERReader(der)
        var file = try reader.sequence()
        try reader.finish()
        guard try file.number() == 3 else { throw CryptoError.invalidEncoding("PKCS#12 file") }
        content = try PKCS12Archive.data(in: &file)
        if file.isAtEnd {
            mac = nil
        } else {
            var fields = try file.sequence()
            try file.finish()
            mac = try PKCS12MAC(&fields)
        }
        key = try PKCS12Archive.onlyKey(in: content)
    }

    /// Whether the private key stands in the file without encryption.
    public var isPlain: Bool {
        if case .plain = key { true } else { false }
    }

    /// The key under a passphrase; throws `CryptoError` for a wrong one and for damage alike.
    public func open(passphrase: RawSpan) throws(CryptoError) -> RSAPrivateKey {
        guard passphrase.byteCount > 0 else {
            guard let opened = try openWithoutPassphrase() else {
                throw CryptoError.authenticationFailed
            }
            return opened
        }
        try PKCS12.requireText(passphrase)
        guard try mac?.fits(content, passphrase: passphrase) ?? true else {
            throw CryptoError.authenticationFailed
        }
        return try privateKey(passphrase)
    }

    /// The key of a file that has no passphrase: an open one, or one under an empty passphrase;
    /// `nil` where the file has one, or where trying would take long.
    public func openWithoutPassphrase() throws(CryptoError) -> RSAPrivateKey? {
        let none = SecretBytes(count: 0) { _ in }
        guard let mac else {
            guard case .plain = key else { return nil }
            return try privateKey(none.bytes)
        }
        guard mac.iterationCount <= PKCS12Archive.largestUnaskedIterationCount else { return nil }
        for empty in PKCS12MAC.EmptyPassphrase.allCases
        where try mac.fits(content, empty: empty) {
            return try privateKey(none.bytes)
        }
        return nil
    }

    private func privateKey(_ passphrase: RawSpan) throws(CryptoError) -> RSAPrivateKey {
        switch key {
        case .plain(let info): try RSAPrivateKey(der: info.borrowedBytes)
        case .sealed(let sealed): try sealed.open(passphrase: passphrase)
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

    /// The content of a ContentInfo that holds plain data.
    private static func data(in reader: inout DERReader) throws(CryptoError) -> [UInt8] {
        var info = try reader.sequence()
        guard try info.next(DER.Tag.objectIdentifier) == Identifier.data else {
            throw CryptoError.refused(
                "the PKCS#12 file is protected with a public key, which is not supported",
                hint: "export it again under a passphrase"
            )
        }
        var explicit = DERReader(try info.next(Identifier.explicitTag))
        let content = try explicit.next(DER.Tag.octetString)
        try explicit.finish()
        return content
    }

    /// The bags of one part; encrypted parts hold certificates, which nobody asks for here.
    private static func bags(of parts: inout DERReader) throws(CryptoError) -> [UInt8]? {
        var info = try parts.sequence()
        guard try info.next(DER.Tag.objectIdentifier) == Identifier.data else { return nil }
        var explicit = DERReader(try info.next(Identifier.explicitTag))
        return try explicit.next(DER.Tag.octetString)
    }

    private static func onlyKey(in content: [UInt8]) throws(CryptoError) -> Bag {
        var reader = DERReader(content)
        var parts = try reader.sequence()
        try reader.finish()
        var found: [(isPlain: Bool, value: [UInt8])] = []
        var bagCount = 0
        while !parts.isAtEnd {
            bagCount += 1  // an encrypted part counts as one
            guard bagCount <= largestBagCount else { throw tooManyBags }
            guard let bags = try bags(of: &parts) else { continue }
            var reader = DERReader(bags)
            var list = try reader.sequence()
            while !list.isAtEnd {
                bagCount += 1
                guard bagCount <= largestBagCount else { throw tooManyBags }
                var bag = try list.sequence()
                let kind = try bag.next(DER.Tag.objectIdentifier)
                let value = try bag.next(Identifier.explicitTag)
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
        return only.isPlain
            ? .plain(only.value) : .sealed(try EncryptedPrivateKey(der: only.value))
    }

    private static let tooManyBags = CryptoError.refused(
        "the PKCS#12 file holds more than \(largestBagCount) bags"
    )
}
