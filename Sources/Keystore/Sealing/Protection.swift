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
    /// With a passphrase, from which Argon2id derives a key with these parameters.
    case passphrase(Passphrase, Argon2id.Parameters)
    /// Only with the mode of the file; the user must ask for this.
    case none
}
