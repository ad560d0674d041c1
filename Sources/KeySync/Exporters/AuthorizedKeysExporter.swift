internal import KeyFormats

/// `authorized_keys` (sshd(8)): past its date sshd refuses a key by itself.
struct AuthorizedKeysExporter: RegistryExporter {
    let id = "authorized_keys"
    let title = "OpenSSH authorized_keys"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        let lines = keys.active.map { person in
            let option = person.expires.map { "expiry-time=\"\($0.openSSHDigits)\" " } ?? ""
            return "\(option)\(person.key.openSSHLine) \(person.name)"
        }
        return [textFile(lines)]
    }
}
