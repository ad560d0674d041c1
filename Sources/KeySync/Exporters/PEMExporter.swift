internal import KeyFormats

/// `pem/NAME.pem`: one file for each key.
struct PEMExporter: RegistryExporter {
    let id = "pem"
    let title = "PEM public keys"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        keys.active.map { person in
            SyncedFile(
                path: "\(id)/\(person.name).pem",
                content: PEM.publicKey(person.key.spkiDER)
            )
        }
    }
}
