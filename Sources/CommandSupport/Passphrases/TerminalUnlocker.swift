internal import CryptoCore
internal import Failures
internal import Keystore

/// Asks a user on the terminal.
struct TerminalUnlocker: KeyUnlocker {
    let tryCount = 3

    func passphrase(prompt: String) throws -> Passphrase { try TerminalPrompt.passphrase(prompt) }

    func noteWrongPassphrase(_ error: KeystoreError) { Report.warning(error.message) }
}
