internal import COpenSSL

/// The password-based encryption of PKCS#8 (RFC 8018 § 6.2): parameters, their AlgorithmIdentifier,
/// and the encryption itself.
public struct PBES2: Sendable {
    /// How the key is derived from a passphrase.
    public enum Derivation: Sendable, Hashable {
        /// PBKDF2 (RFC 8018 § 5.2) with HMAC over this hash.
        case pbkdf2(PseudoRandomFunction, iterationCount: UInt64)
        /// scrypt (RFC 7914 § 7).
        case scrypt(Scrypt.Parameters)
    }

    /// The hash of PBKDF2.
    public enum PseudoRandomFunction: String, Sendable {
        /// HMAC with SHA-1, the default of RFC 8018. It is only read.
        case hmacSHA1 = "hmacWithSHA1"
        /// HMAC with SHA-256.
        case hmacSHA256 = "hmacWithSHA256"
        /// HMAC with SHA-384.
        case hmacSHA384 = "hmacWithSHA384"
        /// HMAC with SHA-512.
        case hmacSHA512 = "hmacWithSHA512"

        var evp: OpaquePointer? {
            switch self {
            case .hmacSHA1: unsafe EVP_sha1()
            case .hmacSHA256: unsafe EVP_sha256()
            case .hmacSHA384: unsafe EVP_sha384()
            case .hmacSHA512: unsafe EVP_sha512()
            }
        }
    }

    /// The largest number of PBKDF2 iterations that is read: some seconds of work.
    public static let largestIterationCount: UInt64 = 10_000_000
    private static let largestSaltByteCount = 1024

    /// How the key is derived from the passphrase.
    public let derivation: Derivation
    /// The salt.
    public let salt: [UInt8]
    /// The cipher.
    public let cipher: BlockCipher
    /// The initialisation vector of the cipher.
    public let vector: [UInt8]

    /// Stores the parameters.
    public init(derivation: Derivation, salt: [UInt8], cipher: BlockCipher, vector: [UInt8]) {
        self.derivation = derivation
        self.salt = salt
        self.cipher = cipher
        self.vector = vector
    }

    /// Makes new parameters with AES-256-CBC and a random 16-byte salt; throws `CryptoError` if
    /// OpenSSL fails.
    public init(_ derivation: Derivation) throws(CryptoError) {
        try self.init(
            derivation: derivation,
            salt: SecureRandom.bytes(count: 16),
            cipher: .aes256CBC,
            vector: SecureRandom.bytes(count: BlockCipher.aes256CBC.vectorByteCount)
        )
    }

    /// Encrypts with a passphrase; throws `CryptoError` if too little memory is free for scrypt.
    public func seal(_ plaintext: RawSpan, passphrase: RawSpan) throws(CryptoError) -> [UInt8] {
        let key = try key(from: passphrase)
        let sealed = try cipher.encrypt(plaintext, key: key.bytes, vector: vector, padding: .pkcs7)
        return sealed.publicBytes
    }

    /// Decrypts with a passphrase.
    ///
    /// A wrong passphrase usually gives a wrong padding and throws `CryptoError`, but not always.
    /// So the caller must parse the result strictly.
    public func open(_ sealed: RawSpan, passphrase: RawSpan) throws(CryptoError) -> SecretBytes {
        let key = try key(from: passphrase)
        return try cipher.decrypt(sealed, key: key.bytes, vector: vector, padding: .pkcs7)
    }

    private func key(from passphrase: RawSpan) throws(CryptoError) -> SecretBytes {
        switch derivation {
        case .scrypt(let parameters):
            return try Scrypt.derive(
                from: passphrase,
                salt: salt,
                parameters: parameters,
                count: cipher.keyByteCount
            )
        case .pbkdf2(let function, let iterationCount):
            return try PBKDF2.derive(
                from: passphrase,
                salt: salt.borrowedBytes,
                function: function,
                iterationCount: iterationCount,
                count: cipher.keyByteCount
            )
        }
    }
}

// MARK: AlgorithmIdentifier

extension PBES2 {
    private enum Identifier {
        static let pbes2: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]
        static let pbkdf2: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]
        static let scrypt: [UInt8] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b]
        static let functions: [(PseudoRandomFunction, [UInt8])] = [
            (.hmacSHA1, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x07]),
            (.hmacSHA256, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09]),
            (.hmacSHA384, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0a]),
            (.hmacSHA512, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0b]),
        ]
        static let ciphers: [(BlockCipher, [UInt8])] = [
            (.aes128CBC, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02]),
            (.aes192CBC, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16]),
            (.aes256CBC, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a]),
            (.tripleDESCBC, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07]),
        ]
    }

    /// Reads an AlgorithmIdentifier (RFC 8018 § A.4) and nothing after it.
    ///
    /// Throws `CryptoError` if the algorithm is another one, or if its cost is out of bounds.
    public init(algorithmIdentifier reader: inout DERReader) throws(CryptoError) {
        var outer = try reader.sequence()
        guard try outer.next(DER.Tag.objectIdentifier) == Identifier.pbes2 else {
            throw PBES2.unsupported
        }
        var parameters = try outer.sequence()
        try outer.finish()
        var function = try parameters.sequence()
        var scheme = try parameters.sequence()
        try parameters.finish()
        let keyByteCount: UInt64?
        (derivation, salt, keyByteCount) = try PBES2.derivation(&function)
        let identifier = try scheme.next(DER.Tag.objectIdentifier)
        guard let cipher = Identifier.ciphers.first(where: { $0.1 == identifier })?.0 else {
            throw PBES2.unsupported
        }
        self.cipher = cipher
        vector = try scheme.next(DER.Tag.octetString)
        try scheme.finish()
        guard vector.count == cipher.vectorByteCount,
            keyByteCount.map({ $0 == cipher.keyByteCount }) ?? true
        else {
            throw CryptoError.invalidEncoding("encrypted private key")
        }
    }

    private static func derivation(
        _ reader: inout DERReader
    ) throws(CryptoError) -> (Derivation, [UInt8], UInt64?) {
        let identifier = try reader.next(DER.Tag.objectIdentifier)
        var parameters = try reader.sequence()
        try reader.finish()
        let salt = try parameters.next(DER.Tag.octetString)
        guard salt.count <= largestSaltByteCount else { throw unsupported }
        let derivation: Derivation
        var keyByteCount: UInt64?
        switch identifier {
        case Identifier.pbkdf2:
            let count = try parameters.number()
            guard (1...largestIterationCount).contains(count) else { throw tooCostly }
            if parameters.nextTag == DER.Tag.integer { keyByteCount = try parameters.number() }
            derivation = .pbkdf2(try pseudoRandomFunction(&parameters), iterationCount: count)
        case Identifier.scrypt:
            let (cost, size, lanes) = try (
                parameters.number(), parameters.number(), parameters.number()
            )
            if !parameters.isAtEnd { keyByteCount = try parameters.number() }
            guard
                let costs = Scrypt.Parameters(cost: cost, blockSize: size, parallelization: lanes)
            else { throw tooCostly }
            derivation = .scrypt(costs)
        default: throw unsupported
        }
        try parameters.finish()
        return (derivation, salt, keyByteCount)
    }

    private static func pseudoRandomFunction(
        _ reader: inout DERReader
    ) throws(CryptoError) -> PseudoRandomFunction {
        guard !reader.isAtEnd else { return .hmacSHA1 }
        var function = try reader.sequence()
        let identifier = try function.next(DER.Tag.objectIdentifier)
        if !function.isAtEnd { _ = try function.next(DER.Tag.null) }
        try function.finish()
        guard let known = Identifier.functions.first(where: { $0.1 == identifier })?.0 else {
            throw unsupported
        }
        return known
    }

    /// The AlgorithmIdentifier of these parameters, as DER.
    public var algorithmIdentifier: [UInt8] {
        let function: [UInt8]
        switch derivation {
        case .pbkdf2(let hash, let iterationCount):
            let named = Identifier.functions.first { $0.0 == hash }?.1 ?? []
            function =
                DER.objectIdentifier(Identifier.pbkdf2)
                + DER.sequence(
                    DER.octetString(salt) + DER.integer(iterationCount)
                        + DER.sequence(DER.objectIdentifier(named) + DER.null)
                )
        case .scrypt(let costs):
            function =
                DER.objectIdentifier(Identifier.scrypt)
                + DER.sequence(
                    DER.octetString(salt) + DER.integer(costs.cost)
                        + DER.integer(costs.blockSize) + DER.integer(costs.parallelization)
                )
        }
        let named = Identifier.ciphers.first { $0.0 == cipher }?.1 ?? []
        let scheme = DER.sequence(DER.objectIdentifier(named) + DER.octetString(vector))
        return DER.sequence(
            DER.objectIdentifier(Identifier.pbes2)
                + DER.sequence(DER.sequence(function) + scheme)
        )
    }

    private static let unsupported = CryptoError.invalidParameter(
        "this private key is encrypted with a method that is not supported",
        hint: "convert it first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
    )

    private static let tooCostly = CryptoError.invalidParameter(
        "opening this private key would take too long: its key derivation costs too much",
        hint: "if you trust it, convert it first: "
            + "openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
    )
}
