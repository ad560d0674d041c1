internal import KeyFormats
public import Registry

extension IdentityRecord {
    /// The chain as it is given to others: of several revocations of a key, the strictest alone.
    ///
    /// A key may be revoked again and again, each time from an earlier time on; others read a
    /// bounded number of statements.
    public var handedOut: [Statement] {
        var strictest: [Fingerprint: Int] = [:]
        for (index, statement) in chain.enumerated() {
            guard case .revoke(let revocation) = statement.act else { continue }
            let key = revocation.fingerprint
            if let known = strictest[key], case .revoke(let other) = chain[known].act,
                (other.since?.seconds ?? .min) <= (revocation.since?.seconds ?? .min)
            {
                continue
            }
            strictest[key] = index
        }
        var handedOut: [Statement] = []
        for (index, statement) in chain.enumerated() {
            guard let key = statement.revokedKey else {
                handedOut.append(statement)
                continue
            }
            if strictest[key] == index { handedOut.append(statement) }
        }
        return handedOut
    }
}
