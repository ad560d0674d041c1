internal import CryptoCore

/// The symmetric chain with which one session encrypts to one room, for one epoch.
///
/// Each step forgets the one before: a chain opens its present index and later ones only.
final class SenderChain {
    static let keyByteCount = 32
    /// Most messages of an epoch, and so most steps that a receiver ever takes.
    static let largestIndex: UInt32 = 1 << 16

    private var key: SecretBytes
    /// The index that the chain stands at.
    private(set) var index: UInt32

    init(key: consuming SecretBytes, index: UInt32) {
        self.key = key
        self.index = index
    }

    /// A new chain at index 0.
    static func random() throws(CryptoError) -> SenderChain {
        SenderChain(key: try SecretBytes.random(count: keyByteCount), index: 0)
    }

    /// Moves on to a later index; `false` where it lies behind or is out of bounds.
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

    /// The key, nonce and commitment of the message `id` at the present index.
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

    /// The chain key as it stands, wrapped for one recipient.
    func wrapped(for recipient: RSAPublicKey, label: [UInt8]) throws(CryptoError) -> [UInt8] {
        try key.withBytes { bytes throws(CryptoError) in
            try recipient.encrypt(bytes, label: label)
        }
    }
}
