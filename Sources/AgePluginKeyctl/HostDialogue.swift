internal import AgePlugins
internal import CommandSupport
internal import CryptoCore
internal import EncryptedFiles
internal import KeyFormats
internal import Keystore

/// Asks the user through the host of the plugin: only age has the terminal.
final class HostDialogue: UserDialogue {
    var service: PluginService
    private var refusals: [KeyName: any Error] = [:]

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

    /// Asks once in a conversation: an identity that was not unlocked stays locked.
    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        if let refusal = refusals[record.name] { throw refusal }
        do { return try unlockNow(record, in: keystore) } catch {
            refusals[record.name] = error
            throw error
        }
    }

    private func unlockNow(
        _ record: IdentityRecord,
        in keystore: Keystore
    ) throws -> UnlockedIdentity {
        guard try keystore.needsPassphrase(record) else {
            return try keystore.unlock(record, passphrase: nil)
        }
        let given = try passphrase(prompt: "Passphrase for \(record.name)")
        return try keystore.unlock(record, passphrase: given)
    }

    func unlock(_ key: any LockedPrivateKey, name: String) throws -> RSAPrivateKey {
        throw CommandError.failed("\(name) cannot be opened here")
    }

    /// Where the host has ended, the next message to it fails, too.
    func warn(_ message: String, hint: String?) { try? service.tell("warning: \(message)") }
}
