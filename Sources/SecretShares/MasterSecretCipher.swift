internal import CryptoCore

/// The Feistel network that encrypts a secret before it is divided (SLIP-0039 § "Encryption of the
/// master secret").
///
/// Here the passphrase is always empty.
struct MasterSecretCipher {
    private static let roundCount: UInt8 = 4
    private static let smallestIterationCount: UInt64 = 10_000

    private let iterationCount: UInt64
    private let salt: [UInt8]

    init(_ parameters: ShareParameters) {
        iterationCount =
            (MasterSecretCipher.smallestIterationCount << UInt64(parameters.iterationExponent))
            / UInt64(MasterSecretCipher.roundCount)
        // Extendable sets of one secret have different identifiers, so their salt has no
        // identifier.
        let identifier = [UInt8(parameters.identifier >> 8), UInt8(parameters.identifier & 0xff)]
        salt = parameters.isExtendable ? [] : Array("shamir".utf8) + identifier
    }

    /// Encrypts a secret for sharing; throws `CryptoError` if OpenSSL fails.
    func encrypt(_ secret: borrowing SecretBytes) throws(CryptoError) -> SecretBytes {
        try run(secret, rounds: Array(0..<MasterSecretCipher.roundCount))
    }

    /// Decrypts a shared secret; throws `CryptoError` if OpenSSL fails.
    func decrypt(_ encrypted: borrowing SecretBytes) throws(CryptoError) -> SecretBytes {
        try run(encrypted, rounds: (0..<MasterSecretCipher.roundCount).reversed())
    }

    private func run(
        _ block: borrowing SecretBytes,
        rounds: [UInt8]
    ) throws(CryptoError) -> SecretBytes {
        let half = block.count / 2
        var left = SecretBytes(copying: block.bytes.extracting(first: half))
        var right = SecretBytes(copying: block.bytes.extracting(last: half))
        for round in rounds {
            let mask = try mask(round, right)
            let mixed = SecretBytes(count: half) { view in
                for index in 0..<half {
                    let byte = left.bytes.byte(at: index) ^ mask.bytes.byte(at: index)
                    view.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
                }
            }
            left = right
            right = mixed
        }
        return MasterSecretCipher.joined(right.bytes, left.bytes)
    }

    private func mask(
        _ round: UInt8,
        _ half: borrowing SecretBytes
    ) throws(CryptoError) -> SecretBytes {
        let salt = MasterSecretCipher.joined(salt.borrowedBytes, half.bytes)
        return try PBKDF2.derive(
            from: [round].borrowedBytes,  // a passphrase would follow it
            salt: salt.bytes,
            function: .hmacSHA256,
            iterationCount: iterationCount,
            count: half.count
        )
    }

    private static func joined(_ first: RawSpan, _ second: RawSpan) -> SecretBytes {
        SecretBytes(count: first.byteCount + second.byteCount) { view in
            view.copy(first, to: 0)
            view.copy(second, to: first.byteCount)
        }
    }
}
