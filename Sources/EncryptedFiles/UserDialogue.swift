public import CryptoCore
public import KeyFormats
public import Keystore

/// What this library asks of the program around it: passphrases, and to warn the user.
///
/// The library prints nothing and reads no terminal. It asks only when a key is needed, on the thread
/// that called it.
public protocol UserDialogue {
    /// The passphrase of a file; `prompt` says of which one.
    func passphrase(prompt: String) throws -> Passphrase
    /// Opens one's own identity.
    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity
    /// Opens a private key file under a passphrase; `name` is the file's.
    func unlock(_ key: any LockedPrivateKey, name: String) throws -> RSAPrivateKey
    /// Tells the user what does not stop the work, and what to do about it.
    func warn(_ message: String, hint: String?)
}

extension UserDialogue {
    /// Tells the user what does not stop the work.
    public func warn(_ message: String) { warn(message, hint: nil) }
}
