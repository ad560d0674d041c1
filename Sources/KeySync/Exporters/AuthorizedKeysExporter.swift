internal import KeyFormats

/// `authorized_keys` (sshd(8)): each key has its expiry date, after which sshd refuses it.
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
