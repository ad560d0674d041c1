internal import CryptoCore

/// The sequence number at which the room's log revokes each version of a key.
struct Revocations {
    private struct Key: Hashable {
        let identity: SHA256Digest
        let version: Int
    }

    private var seqs: [Key: UInt64] = [:]

    /// Returns the sequence number of the entry that revokes a version; `nil` if none is known.
    func seq(of identity: SHA256Digest, version: Int) -> UInt64? {
        seqs[Key(identity: identity, version: version)]
    }

    /// Notes a revocation; of two for one version, the earlier one counts.
    mutating func note(_ identity: SHA256Digest, version: Int, at seq: UInt64) {
        let key = Key(identity: identity, version: version)
        seqs[key] = min(seqs[key] ?? .max, seq)
    }
}
