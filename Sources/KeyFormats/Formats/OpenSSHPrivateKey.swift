internal import CryptoCore

/// `openssh`: OpenSSH's own private key file (PROTOCOL.key in openssh-portable).
struct OpenSSHPrivateKey: KeyFormat {
    let id = "openssh"
    let title = "OpenSSH private key"
    let fileExtension = "key"
    let content = KeyContent(public: false, private: true, encryptable: true)
    let isText = true

    static let label = "OPENSSH PRIVATE KEY"
    static let magic = Array("openssh-key-v1\0".utf8)
    static let saltByteCount = 16
    static let cipher = BlockCipher.aes256CTR
    private static let paddingBlockByteCount = 8

    func probe(_ bytes: RawSpan) -> Bool { PEM.label(of: bytes) == OpenSSHPrivateKey.label }

    func decode(_ bytes: RawSpan) throws -> [KeyEntry] {
        let damaged = KeyFormatError.damaged("OpenSSH private key")
        let content = try PEM.onlyBytes(in: bytes)
        guard content.bytes.starts(with: OpenSSHPrivateKey.magic) else { throw damaged }
        var reader = SSHReader(
            content.bytes.extracting(droppingFirst: OpenSSHPrivateKey.magic.count)
        )
        guard let cipherName = reader.bytes(), let derivationName = reader.bytes(),
            let options = reader.bytes(), reader.number() == 1, let blob = reader.bytes(),
            let section = reader.string(), reader.isAtEnd
        else { throw damaged }
        let kind = SSHWire.kind(of: blob)
        guard kind == SSHWire.algorithm else { throw KeyFormatError.otherKind(kind) }
        let publicKey = try PublicKey(SSHWire.key(from: blob), allowingWeak: true)
        if cipherName == Array("none".utf8), derivationName == Array("none".utf8) {
            guard options.isEmpty else { throw damaged }
            do {
                let (key, comment) = try OpenSSHPrivateSection.decode(section.bytes, for: publicKey)
                return [KeyEntry(.privateKey(key), name: comment)]
            } catch { throw damaged }
        }
        let name = String(decoding: cipherName, as: UTF8.self)
        guard let cipher = BlockCipher(rawValue: name), derivationName == Array("bcrypt".utf8)
        else { throw KeyFormatError.oldCipher(name) }
        var parameters = SSHReader(options.borrowedBytes)
        guard let salt = parameters.bytes(), let roundCount = parameters.number(),
            parameters.isAtEnd
        else { throw damaged }
        let locked = LockedOpenSSHKey(
            publicKey: publicKey,
            cipher: cipher,
            salt: salt,
            roundCount: roundCount,
            section: section.publicBytes
        )
        return [KeyEntry(.lockedPrivateKey(locked))]
    }

    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes {
        guard let key = try entries.onlyPrivateKey(for: self) else {
            throw KeyFormatError.needsPrivateKey(self)
        }
        let section = try OpenSSHPrivateSection.encode(
            key,
            comment: entries[0].name,
            blockByteCount: encoding.passphrase == nil
                ? OpenSSHPrivateKey.paddingBlockByteCount : 16
        )
        let blob = SSHWire.string(SSHWire.blob(of: key.publicKey))
        guard let passphrase = encoding.passphrase else {
            let head =
                OpenSSHPrivateKey.magic + SSHWire.string(Array("none".utf8))
                + SSHWire.string(Array("none".utf8)) + SSHWire.string([]) + SSHWire.number(1)
                + blob + SSHWire.number(section.count)
            let whole = SecretBytes(count: head.count + section.count) { view in
                view.copy(head.borrowedBytes, to: 0)
                view.copy(section.bytes, to: head.count)
            }
            return PEM.encode(
                secret: whole.bytes,
                label: OpenSSHPrivateKey.label,
                lineCharacterCount: 70
            )
        }
        let locked = try LockedOpenSSHKey(
            sealing: section.bytes,
            publicKey: PublicKey(key.publicKey, allowingWeak: true),
            passphrase: passphrase
        )
        return SecretBytes(
            text: PEM.encode(
                locked.encoded,
                label: OpenSSHPrivateKey.label,
                lineCharacterCount: 70
            )
        )
    }
}

/// An OpenSSH private key file under a passphrase.
struct LockedOpenSSHKey: LockedPrivateKey {
    let publicKey: PublicKey?
    let cipher: BlockCipher
    let salt: [UInt8]
    let roundCount: Int
    let section: [UInt8]

    init(
        publicKey: PublicKey,
        cipher: BlockCipher,
        salt: [UInt8],
        roundCount: Int,
        section: [UInt8]
    ) {
        self.publicKey = publicKey
        self.cipher = cipher
        self.salt = salt
        self.roundCount = roundCount
        self.section = section
    }

    init(sealing section: RawSpan, publicKey: PublicKey, passphrase: Passphrase) throws {
        let cipher = OpenSSHPrivateKey.cipher
        let salt = try SecureRandom.bytes(count: OpenSSHPrivateKey.saltByteCount)
        let sealed = try passphrase.bytes.withBytes { bytes in
            try LockedOpenSSHKey.withKey(bytes, salt, BcryptPBKDF.roundCount, cipher) {
                key,
                vector in
                try cipher.encrypt(section, key: key, vector: vector, padding: .none).publicBytes
            }
        }
        self.init(
            publicKey: publicKey,
            cipher: cipher,
            salt: salt,
            roundCount: BcryptPBKDF.roundCount,
            section: sealed
        )
    }

    var protection: String { "bcrypt, \(roundCount) rounds, \(cipher.rawValue)" }

    var encoded: [UInt8] {
        let blob = publicKey.map { SSHWire.blob(of: $0.rsa) } ?? []
        let head =
            OpenSSHPrivateKey.magic + SSHWire.string(Array(cipher.rawValue.utf8))
            + SSHWire.string(Array("bcrypt".utf8))
        let options = SSHWire.string(salt) + SSHWire.number(roundCount)
        return head + SSHWire.string(options) + SSHWire.number(1) + SSHWire.string(blob)
            + SSHWire.string(section)
    }

    func open(passphrase: RawSpan) throws -> RSAPrivateKey {
        guard let publicKey else { throw KeyFormatError.damaged("OpenSSH private key") }
        let opened = try LockedOpenSSHKey.withKey(passphrase, salt, roundCount, cipher) {
            key,
            vector in
            // CBC without padding refuses a length that is not a multiple of a block. That is
            // damage.
            try cipher.decrypt(section.borrowedBytes, key: key, vector: vector, padding: .none)
        }
        return try OpenSSHPrivateSection.decode(opened.bytes, for: publicKey).key
    }

    private static func withKey<Result: ~Copyable>(
        _ passphrase: RawSpan,
        _ salt: [UInt8],
        _ roundCount: Int,
        _ cipher: BlockCipher,
        _ body: (RawSpan, [UInt8]) throws -> Result
    ) throws -> Result {
        let keyByteCount = cipher.keyByteCount
        let derived = try BcryptPBKDF.derive(
            from: passphrase,
            salt: salt,
            roundCount: roundCount,
            count: keyByteCount + cipher.vectorByteCount
        )
        let vector = SecretBytes(copying: derived.bytes.extracting(droppingFirst: keyByteCount))
        return try body(derived.bytes.extracting(first: keyByteCount), vector.publicBytes)
    }
}

/// The private section: two equal numbers, the key, its comment, and padding that counts up.
private enum OpenSSHPrivateSection {
    static func decode(
        _ section: RawSpan,
        for publicKey: PublicKey
    ) throws -> (key: RSAPrivateKey, comment: String) {
        let damaged = KeyFormatError.damaged("OpenSSH private key")
        var reader = SSHReader(section)
        guard let first = reader.number(), let second = reader.number() else { throw damaged }
        // The two numbers differ after a wrong passphrase, and after damage.
        guard first == second else { throw CryptoError.wrongKey }
        guard let kind = reader.bytes(), kind == Array(SSHWire.algorithm.utf8),
            let modulus = reader.integer(), let exponent = reader.integer(),
            let privateExponent = reader.integer()
        else { throw damaged }
        guard let coefficient = reader.integer() else { throw damaged }
        guard let firstPrime = reader.integer(), let secondPrime = reader.integer(),
            let comment = reader.bytes()
        else { throw damaged }
        _ = coefficient
        let padding = reader.rest()
        let expected = (0..<padding.count).map { UInt8(truncatingIfNeeded: $0 + 1) }
        guard padding.count < 256, padding.publicBytes == expected else { throw damaged }
        let key = try RSAPrivateKey(
            modulus: modulus.publicBytes,
            publicExponent: exponent.publicBytes,
            privateExponent: privateExponent.bytes,
            firstPrime: firstPrime.bytes,
            secondPrime: secondPrime.bytes
        )
        try key.validate()
        guard try PublicKey(key.publicKey, allowingWeak: true) == publicKey else { throw damaged }
        return (key, String(decoding: comment, as: UTF8.self))
    }

    static func encode(
        _ key: RSAPrivateKey,
        comment: String,
        blockByteCount: Int
    ) throws -> SecretBytes {
        let numbers = try RSAComponents(of: key)
        let check = try SecureRandom.bytes(count: 4)
        let head =
            check + check + SSHWire.string(Array(SSHWire.algorithm.utf8))
            + SSHWire.integer(numbers.modulus) + SSHWire.integer(numbers.publicExponent)
        let tail = SSHWire.string(Array(comment.utf8))
        // A number takes its length, perhaps a zero byte that keeps it positive, and its own bytes.
        let largest =
            head.count + tail.count + blockByteCount
            + 5 * 4 + numbers.privateExponent.count + numbers.coefficient.count
            + numbers.firstPrime.count + numbers.secondPrime.count
        var count = 0
        let room = SecretBytes(count: largest) { view in
            func append(_ bytes: RawSpan) {
                view.copy(bytes, to: count)
                count += bytes.byteCount
            }
            func append(number: borrowing SecretBytes) {
                // SAFETY: no component of a key is empty.
                let isHigh = unsafe number.bytes.unsafeLoad(as: UInt8.self) >= 0x80
                let length = SSHWire.number(number.count + (isHigh ? 1 : 0)) + (isHigh ? [0] : [])
                append(length.borrowedBytes)
                append(number.bytes)
            }
            append(head.borrowedBytes)
            append(number: numbers.privateExponent)
            append(number: numbers.coefficient)
            append(number: numbers.firstPrime)
            append(number: numbers.secondPrime)
            append(tail.borrowedBytes)
            var padding: UInt8 = 1
            while !count.isMultiple(of: blockByteCount) {
                append([padding].borrowedBytes)
                padding += 1
            }
        }
        return SecretBytes(copying: room.bytes.extracting(first: count))
    }
}

extension SSHWire {
    /// Returns the kind of key that a blob names, for messages.
    static func kind(of blob: [UInt8]) -> String {
        var reader = SSHReader(blob.borrowedBytes)
        return String(decoding: reader.bytes() ?? [], as: UTF8.self)
    }
}
