internal import CryptoCore

/// `pkcs8` and `pkcs8-der`: PrivateKeyInfo and EncryptedPrivateKeyInfo (RFC 5958).
struct PKCS8: KeyFormat {
    let isPEM: Bool
    private static let plainLabel = "PRIVATE KEY"
    private static let sealedLabel = "ENCRYPTED PRIVATE KEY"

    /// The cost of scrypt in written files: 16 MiB, five times.
    ///
    /// OpenSSL's own reader refuses more than 32 MiB.
    private static let scryptCost: UInt64 = 1 << 14

    var id: String { isPEM ? "pkcs8" : "pkcs8-der" }
    var title: String { isPEM ? "private key (PKCS#8), PEM" : "private key (PKCS#8), DER" }
    var fileExtension: String { isPEM ? "key" : "p8" }
    let content = KeyContent(public: false, private: true, encryptable: true)
    var isText: Bool { isPEM }

    func probe(_ bytes: RawSpan) -> Bool {
        guard !isPEM else {
            return [PKCS8.plainLabel, PKCS8.sealedLabel].contains(PEM.label(of: bytes))
        }
        let tags = DERShape.tags(bytes, count: 3)
        return tags == [DER.Tag.integer, DER.Tag.sequence, DER.Tag.octetString]
            || tags == [DER.Tag.sequence, DER.Tag.octetString]
    }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        guard isPEM else {
            let isSealed = DERShape.of(bytes).first == DER.Tag.sequence
            return [try isSealed ? locked(bytes) : plain(bytes)]
        }
        let isSealed = PEM.label(of: bytes) == PKCS8.sealedLabel
        let der = try PEM.onlyBytes(in: bytes)
        return [try isSealed ? locked(der.bytes) : plain(der.bytes)]
    }

    private func plain(_ der: RawSpan) throws -> KeyEntry {
        if let algorithm = KeyAlgorithm(ofPrivateKeyInfo: der), algorithm != .rsa {
            return KeyEntry(.otherKind(algorithm.name))
        }
        let key = try RSAPrivateKey(der: der)
        try key.validate()
        return KeyEntry(.privateKey(key))
    }

    private func locked(_ der: RawSpan) throws -> KeyEntry {
        let sealed = try EncryptedPrivateKey(der: SecretBytes(copying: der).publicBytes)
        return KeyEntry(.lockedPrivateKey(LockedPKCS8(sealed: sealed)))
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        guard let key = try entries.onlyPrivateKey(for: self) else {
            throw KeyFormatError.needsPrivateKey(self)
        }
        guard let passphrase = encoding.passphrase else {
            guard isPEM else { return try key.pkcs8DERRepresentation() }
            let der = try key.pkcs8DERRepresentation()
            return PEM.encode(secret: der.bytes, label: PKCS8.plainLabel)
        }
        let derivation = encoding.usesScrypt ? PKCS8.scrypt : PKCS8.standard
        let der = try passphrase.bytes.withBytes {
            try EncryptedPrivateKey.seal(key, passphrase: $0, derivation: derivation)
        }
        return isPEM
            ? SecretBytes(text: PEM.encode(der, label: PKCS8.sealedLabel))
            : SecretBytes(copying: der.borrowedBytes)
    }

    private static let standard = PBES2.Derivation.pbkdf2(
        .hmacSHA256,
        iterationCount: EncryptedPrivateKey.iterationCount
    )

    private static let scrypt: PBES2.Derivation = {
        let parameters = Scrypt.Parameters(cost: scryptCost, blockSize: 8, parallelization: 5)
        guard let parameters else { preconditionFailure("scrypt's own parameters are refused") }
        return .scrypt(parameters)
    }()
}

/// A PKCS#8 file with a passphrase.
struct LockedPKCS8: LockedPrivateKey {
    let sealed: EncryptedPrivateKey
    let publicKey: PublicKey? = nil

    var protection: String {
        let cipher = sealed.algorithm.cipher.rawValue
        return switch sealed.algorithm.derivation {
        case .pbkdf2(let function, let count):
            "PBES2: PBKDF2 with \(function.rawValue), \(count) iterations, \(cipher)"
        case .scrypt(let costs):
            "PBES2: scrypt N=\(costs.cost) r=\(costs.blockSize) p=\(costs.parallelization), \(cipher)"
        }
    }

    func open(passphrase: RawSpan) throws -> RSAPrivateKey {
        let info = try sealed.privateKeyInfo(passphrase: passphrase)
        return try RSAPrivateKey(checking: info.bytes)
    }
}

extension RSAPrivateKey {
    /// Reads a decrypted PrivateKeyInfo and checks its parts.
    ///
    /// Throws `KeyFormatError` if the key is not RSA, which is visible only now, and `CryptoError`
    /// if it is damaged.
    convenience init(checking info: RawSpan) throws {
        if let algorithm = KeyAlgorithm(ofPrivateKeyInfo: info), algorithm != .rsa {
            throw KeyFormatError.otherKind(algorithm.name)
        }
        try self.init(der: info)
        try validate()
    }
}
