internal import AgeFiles
public import CryptoCore
public import SecretShares

/// What opens a backup.
public enum BackupKey {
    /// The passphrase that it was sealed with; asked for when it is needed.
    case passphrase(() throws -> Passphrase)
    /// Shares of the recovery key that it was sealed to; more than are needed, and one twice, do
    /// no harm.
    case shares([Share])

    func identity() throws -> any AgeIdentity {
        switch self {
        case .passphrase(let passphrase): return AgeScrypt.Identity(passphrase)
        case .shares(let shares):
            let secret = try SecretShares.combine(BackupKey.enough(shares))
            return try AgeX25519.Identity(secret: secret.bytes)
        }
    }

    /// The error for a backup that it does not open.
    var refusal: BackupError {
        switch self {
        case .passphrase: .wrongPassphrase
        case .shares: .wrongShares
        }
    }

    /// As many different shares as are needed.
    private static func enough(_ shares: [Share]) -> [Share] {
        var seen: Set<ShareParameters> = []
        let different = shares.filter { seen.insert($0.parameters).inserted }
        return Array(different.prefix(shares.first.map(\.parameters.memberThreshold) ?? 0))
    }
}
