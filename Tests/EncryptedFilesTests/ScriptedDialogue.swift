import CryptoCore
import EncryptedFiles
import KeyFormats
import Keystore

/// A user who knows one passphrase, and remembers what was asked and told.
final class ScriptedDialogue: UserDialogue {
    private let secret: String
    private(set) var prompts: [String] = []
    private(set) var warnings: [String] = []

    init(_ secret: String = "correct horse") { self.secret = secret }

    func passphrase(prompt: String) -> Passphrase {
        prompts.append(prompt)
        return Passphrase(SecretBytes(copying: Array(secret.utf8).borrowedBytes))
    }

    func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        prompts.append("\(record.name)")
        return try keystore.unlock(record, passphrase: nil)
    }

    func unlock(_ key: any LockedPrivateKey, name: String) throws -> RSAPrivateKey {
        let given = passphrase(prompt: name)
        return try given.bytes.withBytes { try key.open(passphrase: $0) }
    }

    func warn(_ message: String, hint: String?) { warnings.append(message) }
}
