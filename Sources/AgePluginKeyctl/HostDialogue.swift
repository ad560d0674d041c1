internal import AgePlugins
internal import CommandSupport
internal import CryptoCore
internal import EncryptedFiles
internal import KeyFormats
internal import Keystore

/// Asks the user through the host of the plugin: only age has the terminal.
final class HostDialogue: UserDialogue {
    var service: PluginService

    init(_ service: consuming PluginService) { self.service = service }

    /// Throws `CommandError` where nobody answers, and for a passphrase that none can be.
    func passphrase(prompt: String) throws -> Passphrase {
        guard let secret = try service.secret("\(prompt) (keyctl)") else {
            throw CommandError.failed("no passphrase was given")
        }
        guard (1...Passphrase.largestByteCount).contains(secret.count) else {
            throw CommandError.failed("the passphrase is empty or too long")
        }
        return Passphrase(secret)
    }

    /// Asks once: a wrong passphrase ends the conversation.
    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        guard try keystore.needsPassphrase(record) else {
            return try keystore.unlock(record, passphrase: nil)
        }
        let given = try passphrase(prompt: "Passphrase for \(record.name)")
        return try keystore.unlock(record, passphrase: given)
    }

    func unlock(_ key: any LockedPrivateKey, name: String) throws -> RSAPrivateKey {
        throw CommandError.failed("\(name) cannot be opened here")
    }

    func warn(_ message: String, hint: String?) { Report.warning(message) }
}
