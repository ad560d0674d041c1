internal import CommandSupport
internal import CryptoCore
internal import EncryptedFiles
internal import Failures
internal import KeyFormats
internal import Keystore

/// Asks for passphrases by the command's options or on the terminal, and prints warnings to
/// standard error.
///
/// Commands pass it to libraries, which call it on the thread of the command.
struct CommandDialogue: UserDialogue {
    let global: GlobalOptions

    func passphrase(prompt: String) throws -> Passphrase { try global.passphrase(prompt: prompt) }

    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        try global.opener.open(record, in: keystore)
    }

    /// Opens a private key file.
    ///
    /// Throws `LocatedFailure` if the file is damaged, and `CommandError` if the passphrase is
    /// wrong.
    func unlock(_ key: any LockedPrivateKey, name: String) throws -> RSAPrivateKey {
        do {
            if let opened = try key.openWithoutPassphrase() {
                warn("\(name) opens without a passphrase")
                return opened
            }
        } catch let error as any ReportableError {
            throw LocatedFailure(keyFile: name, error)
        }
        let passphrase: Passphrase
        do {
            passphrase = try self.passphrase(prompt: "Passphrase of \(name)")
        } catch let error as CommandError where error.isEmptyPassphrase {
            // The user gave an empty passphrase, so the key is also tried with it.
            let none = SecretBytes(count: 0) { _ in }
            guard let opened = try? key.open(passphrase: none.bytes) else { throw error }
            return opened
        }
        do {
            return try passphrase.bytes.withBytes { try key.open(passphrase: $0) }
        } catch let error as CryptoError where error.code == .authenticationFailed {
            throw CommandError.wrongFilePassphrase(name)
        } catch let error as any ReportableError {
            throw LocatedFailure(keyFile: name, error)
        }
    }

    func warn(_ message: String, hint: String?) {
        Report.warning(message)
        if let hint { Report.hint(hint) }
    }
}

extension GlobalOptions {
    /// The dialogue for libraries that ask for passphrases.
    var dialogue: CommandDialogue { CommandDialogue(global: self) }
}
