internal import CryptoCore

/// Where in a room's log each version of a key was revoked.
struct Revocations {
    private struct Key: Hashable {
        let identity: SHA256Digest
        let version: Int
    }

    private var seqs: [Key: UInt64] = [:]

    /// The sequence of the entry that revokes a version; `nil` where none is known.
    func seq(of identity: SHA256Digest, version: Int) -> UInt64? {
        seqs[Key(identity: identity, version: version)]
    }

    /// Notes a revocation; once noted, it never moves to a later place.
    mutating func note(_ identity: SHA256Digest, version: Int, at seq: UInt64) {
        let key = Key(identity: identity, version: version)
        seqs[key] = min(seqs[key] ?? .max, seq)
    }
}
