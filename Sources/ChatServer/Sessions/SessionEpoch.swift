import CryptoCore

/// One epoch of a session's sender key.
struct SessionEpoch: Hashable, Sendable {
    let session: SHA256Digest
    let number: UInt32
}
