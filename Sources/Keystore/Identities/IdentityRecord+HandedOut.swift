internal import KeyFormats
public import Registry

extension IdentityRecord {
    /// The chain for other people: of several revocations of a key, only the strictest one.
    ///
    /// A key may be revoked several times, each time from an earlier date. Other people's programs
    /// read a bounded number of statements.
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
