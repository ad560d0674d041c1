internal import CryptoCore

/// The symmetric chain with which one session encrypts to one room during one epoch.
///
/// Each step deletes the key before. So a chain opens only its present index and later ones.
final class SenderChain {
    static let keyByteCount = 32
    /// The largest number of messages in an epoch, and so of steps of a receiver.
    static let largestIndex: UInt32 = 1 << 16

    private var key: SecretBytes
    /// The present index of the chain.
    private(set) var index: UInt32

    init(key: consuming SecretBytes, index: UInt32) {
        self.key = key
        self.index = index
    }

    /// Makes a random chain at index 0; throws `CryptoError` if the random source fails.
    static func random() throws(CryptoError) -> SenderChain {
        SenderChain(key: try SecretBytes.random(count: keyByteCount), index: 0)
    }

    /// Advances to an index; returns `false` if the index is before the present one or out of
    /// bounds.
    func advance(to target: UInt32) throws(CryptoError) -> Bool {
        guard target >= index, target < SenderChain.largestIndex else { return false }
        while index < target {
            let next = try key.withBytes { bytes throws(CryptoError) in
                try HKDF.derive(
                    from: bytes,
                    info: Array("securechat chain v1".utf8),
                    count: SenderChain.keyByteCount
                )
            }
            key = next
            index += 1
        }
        return true
    }

    /// Derives the key, nonce and commitment of the message `id` at the present index.
    func messageSecret(id: [UInt8]) throws(CryptoError) -> SecretBytes {
        try key.withBytes { bytes throws(CryptoError) in
            try HKDF.derive(
                from: bytes,
                salt: id,
                info: Array("securechat message v1".utf8),
                count: MessageSeal.secretByteCount
            )
        }
    }

    /// Returns the present chain key, wrapped for one recipient.
    func wrapped(for recipient: RSAPublicKey, label: [UInt8]) throws(CryptoError) -> [UInt8] {
        try key.withBytes { bytes throws(CryptoError) in
            try recipient.encrypt(bytes, label: label)
        }
    }
}
