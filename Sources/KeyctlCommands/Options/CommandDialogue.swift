internal import CommandSupport
internal import CryptoCore
internal import EncryptedFiles
internal import Failures
internal import KeyFormats
internal import Keystore

/// Asks for passphrases by the options of a command, else on the terminal; warnings go to standard
/// error.
struct CommandDialogue: UserDialogue {
    let global: GlobalOptions

    func passphrase(prompt: String) throws -> Passphrase { try global.passphrase(prompt: prompt) }

    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        try global.opener.open(record, in: keystore)
    }

    /// Throws `LocatedFailure` where the file is damaged, and `CommandError` for a wrong passphrase.
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
            // It was given, so it is tried whatever it costs.
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
    /// For libraries that ask for passphrases.
    var dialogue: CommandDialogue { CommandDialogue(global: self) }
}
