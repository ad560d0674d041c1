public import CryptoCore

extension Passphrase {
    func stretched(_ derivation: PasswordHashString) throws(CryptoError) -> SecretBytes {
        try bytes.withBytes { bytes throws(CryptoError) in
            try Argon2id.derive(
                from: bytes,
                salt: derivation.salt,
                parameters: derivation.parameters
            )
        }
    }
}

/// How an identity's private keys are protected.
public enum Protection: Sendable {
    /// By a passphrase, stretched by Argon2id with these parameters.
    case passphrase(Passphrase, Argon2id.Parameters)
    /// By the file's mode alone. The user must ask for this.
    case none
}
