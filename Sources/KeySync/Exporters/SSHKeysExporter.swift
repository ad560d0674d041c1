internal import KeyFormats

/// `ssh/NAME.pub`: an OpenSSH public key for each person, as `ssh-keygen` and git read it.
struct SSHKeysExporter: RegistryExporter {
    let id = "ssh"
    let title = "OpenSSH public keys"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        keys.active.map { person in
            let line = "\(person.key.openSSHLine) \(person.name)\n"
            return SyncedFile(path: "\(id)/\(person.name).pub", content: Array(line.utf8))
        }
    }
}
