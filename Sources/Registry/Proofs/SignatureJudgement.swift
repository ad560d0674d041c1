public import CryptoCore
public import KeyFormats

/// The judgement of the registry about a valid signature, by the state of its key.
public struct SignatureJudgement: Sendable {
    /// Why a signature counts or does not count.
    public enum Verdict: Sendable, Equatable {
        /// Its key is in use.
        case active
        /// Its key is in use, but has expired.
        case expired(Timestamp)
        /// Its key has a successor or was retired. Its signatures still count.
        case retired
        /// Its key was revoked, and the log holds the signature from before the revocation.
        case loggedBeforeRevocation
        /// Its key was revoked, after the time for which the verifier vouches.
        case beforeRevocation(Timestamp)
        /// Its key was revoked, and nothing proves that the signature is older.
        case revoked(since: Timestamp?, reason: String)
        /// Its key was not in use at the time for which the verifier vouches.
        case outsideOfUse(String)
        /// Its key has two different successors.
        case frozen
        /// The name was removed from the registry.
        case removed

        /// Whether the signature counts.
        public var isGood: Bool {
            switch self {
            case .active, .expired, .retired, .loggedBeforeRevocation, .beforeRevocation: true
            case .revoked, .outsideOfUse, .frozen, .removed: false
            }
        }
    }

    /// The name of the signer.
    public let name: KeyName
    /// The version that signed.
    public let version: Int
    /// Whether the signature counts, and why.
    public let verdict: Verdict
}

extension RegistryState {
    /// Judges a signature by the state of the key that made it.
    ///
    /// Returns `nil` if no name has the key. `time` is the time for which the verifier vouches;
    /// without it, `now` counts, because a thief can choose any time that a signature carries.
    public func judgement(
        onKey keyDER: [UInt8],
        signatureDigest: SHA256Digest,
        knownToBeFrom time: Timestamp?,
        at now: Timestamp
    ) -> SignatureJudgement? {
        guard let identity = identity(keyDER: keyDER),
            let index = identity.versions.firstIndex(where: { $0.keyDER == keyDER })
        else { return nil }
        let version = identity.versions[index]
        let next = index + 1 < identity.versions.count ? identity.versions[index + 1] : nil
        return SignatureJudgement(
            name: identity.name,
            version: version.number,
            verdict: verdict(
                identity,
                version,
                next: next,
                isLogged: isLogged(signatureDigest, by: keyDER),
                time,
                now
            )
        )
    }

    private func verdict(
        _ identity: RegisteredIdentity,
        _ version: RegisteredVersion,
        next: RegisteredVersion?,
        isLogged: Bool,
        _ time: Timestamp?,
        _ now: Timestamp
    ) -> SignatureJudgement.Verdict {
        let standing = identity.standing(of: version, for: .verify, at: now)
        switch standing {
        case .removed: return .removed
        case .frozen: return .frozen
        // If the revocation is dated back, the thief could log signatures in between.
        case .revoked(let since, let said, _) where isLogged && since ?? said >= said:
            return .loggedBeforeRevocation
        case .active, .expired, .retired, .revoked: break
        }
        if let time, let next, time > next.since {
            return .outsideOfUse("version \(next.number) was in use")
        }
        if let time, let expires = version.expires, time > expires {
            return .outsideOfUse("it had expired on \(expires)")
        }
        switch standing {
        case .removed: return .removed
        case .frozen: return .frozen
        case .revoked(let since, _, let reason):
            guard let time, let since, time < since else {
                return .revoked(since: since, reason: reason)
            }
            return .beforeRevocation(since)
        case .retired: return .retired
        case .expired(let expires): return time == nil ? .expired(expires) : .active
        case .active: return .active
        }
    }
}
