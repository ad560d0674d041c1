internal import KeyFormats

/// `revoked_keys`: a revocation list for sshd's RevokedKeys (PROTOCOL.krl in openssh-portable).
struct RevokedKeysExporter: RegistryExporter {
    let id = "revoked_keys"
    let title = "OpenSSH revocation list"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        let content = KeyRevocationList.encode(
            keys.revoked.map(\.key),
            number: keys.revoked.count,
            time: keys.revoked.map(\.time).max() ?? Timestamp(seconds: 0)
        )
        return [SyncedFile(path: id, content: content)]
    }
}
