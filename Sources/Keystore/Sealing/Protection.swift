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

/// How an identity's private keys are sealed.
public enum Protection: Sendable {
    /// With a passphrase, stretched by Argon2id.
    case passphrase(Passphrase, Argon2id.Parameters)
    /// With nothing but the file's mode: asked for by name.
    case none
}
