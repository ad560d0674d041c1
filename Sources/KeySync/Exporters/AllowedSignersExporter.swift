/// `allowed_signers`: the keys whose signatures `ssh-keygen -Y verify` accepts (ssh-keygen(1)).
struct AllowedSignersExporter: RegistryExporter {
    let id = "allowed_signers"
    let title = "OpenSSH allowed_signers"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        let denied = keys.revoked.map(\.allowedSignersLine)
        return [textFile(keys.people.flatMap(\.allowedSigners) + denied)]
    }
}
