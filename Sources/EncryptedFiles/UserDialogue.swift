public import CryptoCore
public import KeyFormats
public import Keystore

/// The questions and warnings of this library, which the program around it carries out.
///
/// The library prints nothing and does not read the terminal. It asks only when a key is needed, on
/// the thread that called it.
public protocol UserDialogue {
    /// Returns the passphrase of a file; `prompt` names the file.
    func passphrase(prompt: String) throws -> Passphrase
    /// Unlocks one of the user's own identities.
    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity
    /// Opens a private key file with a passphrase; `name` is the name of the file.
    func unlock(_ key: any LockedPrivateKey, name: String) throws -> RSAPrivateKey
    /// Shows a warning, with a hint about what the user can do; the work continues.
    func warn(_ message: String, hint: String?)
}

extension UserDialogue {
    /// Shows a warning without a hint; the work continues.
    public func warn(_ message: String) { warn(message, hint: nil) }
}
