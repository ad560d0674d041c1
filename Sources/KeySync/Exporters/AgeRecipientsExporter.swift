internal import KeyFormats

/// `recipients.txt`, for `age -R`.
struct AgeRecipientsExporter: RegistryExporter {
    let id = "recipients.txt"
    let title = "age recipients"

    func files(_ keys: ExportedKeys) throws -> [SyncedFile] {
        [textFile(keys.active.map { "# \($0.name)\n\($0.key.openSSHLine)" })]
    }
}
