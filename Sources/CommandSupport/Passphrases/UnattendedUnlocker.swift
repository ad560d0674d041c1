internal import CryptoCore
internal import Keystore

/// Opens keys later, without asking anybody: with the passphrase that a file holds then.
struct UnattendedUnlocker: KeyUnlocker {
    /// `nil` where no source was given.
    let source: PassphraseSource?

    func passphrase(prompt: String) throws -> Passphrase {
        guard let passphrase = try source?.readAgain() else {
            throw CommandError.noPassphrase(allowsNone: false)
        }
        return passphrase
    }
}
