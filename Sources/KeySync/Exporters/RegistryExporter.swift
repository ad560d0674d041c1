/// One way to write the registry's keys for another program.
///
/// `RegistryExporters.all` has the built-in exporters. No other code names them.
public protocol RegistryExporter: Sendable {
    /// The stable name for `--only`: the path of its file, or the folder of its files.
    var id: String { get }
    /// A short description for lists.
    var title: String { get }

    /// Returns the files for these keys; throws if a key cannot be written in this format.
    func files(_ keys: ExportedKeys) throws -> [SyncedFile]
}

extension RegistryExporter {
    /// Returns the text file of an exporter that has one file: a heading, then the lines.
    func textFile(_ lines: [String]) -> SyncedFile {
        let heading = "# written by keyctl sync; changes are overwritten\n"
        let text = heading + lines.map { $0 + "\n" }.joined()
        return SyncedFile(path: id, content: Array(text.utf8))
    }
}
