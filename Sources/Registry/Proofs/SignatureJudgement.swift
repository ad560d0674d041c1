public import CryptoCore
public import KeyFormats

/// What the registry says of a signature whose key and bytes fit together.
public struct SignatureJudgement: Sendable {
    /// Why a signature counts, or does not.
    public enum Verdict: Sendable, Equatable {
        /// Its key is in use.
        case active
        /// Its key is in use, and its date has passed.
        case expired(Timestamp)
        /// Its key was followed by another; what it signed still counts.
        case retired
        /// Its key was revoked, and the log holds the signature from before that.
        case loggedBeforeRevocation
        /// Its key was revoked, after the time that the verifier vouches for.
        case beforeRevocation(Timestamp)
        /// Its key was revoked, and nothing says that the signature is older.
        case revoked(since: Timestamp?, reason: String)
        /// Its key was in use no longer at the time that the verifier vouches for.
        case outsideOfUse(String)
        /// Two successors of its key exist.
        case frozen
        /// The name was taken out of the registry.
        case removed

        /// Whether the signature counts.
        public var isGood: Bool {
            switch self {
            case .active, .expired, .retired, .loggedBeforeRevocation, .beforeRevocation: true
            case .revoked, .outsideOfUse, .frozen, .removed: false
            }
        }
    }

    /// Whose key it is.
    public let name: KeyName
    /// Which version.
    public let version: Int
    /// Whether it counts, and why.
    public let verdict: Verdict
}

extension RegistryState {
    /// Judges a signature by the state of the key that made it.
    ///
    /// `nil` where the key is in no version of any name. `time` is when the verifier knows the
    /// signature to have been made; without it, the present counts, as a signature carries no time
    /// that a thief could not choose.
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
        // Where the theft is dated back, the thief could log what they liked until it was known.
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
