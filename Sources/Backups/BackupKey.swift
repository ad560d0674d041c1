internal import AgeFiles
public import CryptoCore
public import SecretShares

/// The passphrase or the shares that open a backup.
public enum BackupKey {
    /// The passphrase of the backup; the closure asks for it when it is needed.
    case passphrase(() throws -> Passphrase)
    /// Shares of the recovery key; additional and repeated shares are ignored.
    case shares([Share])

    func identity() throws -> any AgeIdentity {
        switch self {
        case .passphrase(let passphrase): return AgeScrypt.Identity(passphrase)
        case .shares(let shares):
            let secret = try SecretShares.combine(BackupKey.enough(shares))
            return try AgeX25519.Identity(secret: secret.bytes)
        }
    }

    /// Returns the error for a backup that this key does not open.
    var refusal: BackupError {
        switch self {
        case .passphrase: .wrongPassphrase
        case .shares: .wrongShares
        }
    }

    /// Returns as many different shares as are needed.
    private static func enough(_ shares: [Share]) -> [Share] {
        var seen: Set<ShareParameters> = []
        let different = shares.filter { seen.insert($0.parameters).inserted }
        return Array(different.prefix(shares.first.map(\.parameters.memberThreshold) ?? 0))
    }
}
