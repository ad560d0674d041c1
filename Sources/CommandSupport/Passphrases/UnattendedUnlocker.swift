internal import CryptoCore
internal import Keystore

/// Opens keys later without a user, with the passphrase that a file holds at that time.
struct UnattendedUnlocker: KeyUnlocker {
    /// The source; `nil` if no option names one.
    let source: PassphraseSource?

    func passphrase(prompt: String) throws -> Passphrase {
        guard let passphrase = try source?.readAgain() else {
            throw CommandError.noPassphrase(allowsNone: false)
        }
        return passphrase
    }
}
