internal import CryptoCore
internal import KeyFormats
public import KeyOperations

/// The trial of a key that another provider keeps, before it becomes an identity's.
///
/// A key that cannot do what an identity must do is refused before anything is written.
public enum KeyTrial {
    private static let context = Array("keyctl key trial v1\n".utf8)
    private static let secretByteCount = 32

    /// What an identity's key must offer.
    public static let neededOperations: [KeyOperation] = [
        .signStatement, .signDigest(.pkcs1(.sha512)), .unwrap,
    ]

    /// Has the key sign and decrypt a test.
    ///
    /// It may ask a person, so nobody may hold the home's lock. Throws `KeystoreError` where an
    /// operation is missing or gives a wrong result, and the error of the key's holder.
    public static func require(_ key: any IdentityKey, of provider: String) throws {
        for operation in neededOperations
        where !key.capabilities.operations.contains(operation) {
            throw KeystoreError.lacksOperation(provider, operation.description)
        }
        let publicKey = key.publicKey
        let text = try context + SecureRandom.bytes(count: secretByteCount)
        guard publicKey.isValidSignature(try key.sign(.statement(text)), over: text) else {
            throw KeystoreError.failedTrial(provider, "sign a statement")
        }
        let scheme = SignatureScheme.pkcs1(.sha512)
        let digest = try scheme.hash.digest(of: text.borrowedBytes)
        let signature = try key.sign(.digest(digest, scheme))
        guard publicKey.isValidSignature(signature, ofDigest: digest, scheme: scheme) else {
            throw KeystoreError.failedTrial(provider, "sign a digest")
        }
        let secret = try SecretBytes.random(count: secretByteCount)
        let wrapped = try publicKey.encrypt(secret.bytes, label: context)
        let opened: SecretBytes
        do { opened = try key.unwrap(wrapped, label: context) } catch is CryptoError {
            throw KeystoreError.failedTrial(provider, "decrypt")
        }
        guard constantTimeEquals(opened.bytes, secret.bytes) else {
            throw KeystoreError.failedTrial(provider, "decrypt")
        }
    }
}
