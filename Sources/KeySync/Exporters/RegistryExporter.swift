/// One way to write the registry's keys for another program.
///
/// The built-in ones stand in `RegistryExporters.all`; nothing else knows which there are.
public protocol RegistryExporter: Sendable {
    /// The stable name, which is the path of its file or the folder of its files: `--only` takes it.
    var id: String { get }
    /// What it is, in a few words.
    var title: String { get }

    /// The files for these keys; throws where a key cannot be written so.
    func files(_ keys: ExportedKeys) throws -> [SyncedFile]
}

extension RegistryExporter {
    /// The one text file of an exporter: a heading, then the lines.
    func textFile(_ lines: [String]) -> SyncedFile {
        let heading = "# written by keyctl sync; changes are overwritten\n"
        let text = heading + lines.map { $0 + "\n" }.joined()
        return SyncedFile(path: id, content: Array(text.utf8))
    }
}
