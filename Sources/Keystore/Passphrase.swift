public import CryptoCore

/// A passphrase, shared by reference so that there is one copy of it.
public final class Passphrase: Sendable {
    /// Its bytes, without a line end.
    public let bytes: SecretBytes

    /// Largest passphrase that is taken, in bytes.
    public static let largestByteCount = 1024

    /// Takes over bytes as a passphrase.
    public init(_ bytes: consuming SecretBytes) { self.bytes = bytes }

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
