import CryptoCore

/// An epoch of a session's sender key: what an announcement announces.
struct SessionEpoch: Hashable, Sendable {
    let session: SHA256Digest
    let number: UInt32
}
