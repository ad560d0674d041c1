internal import DurableFiles
public import KeyFormats
public import Registry

/// A folder that is updated whenever the registry changes, with the options of its `keyctl sync`.
public struct KeptFolder: Sendable, Hashable {
    /// Its absolute path, without line ends.
    public let path: String
    /// Only people of this group; `nil`: everybody.
    public let group: KeyName?
    /// The ids of its exporters, sorted; empty: all.
    public let only: [String]

    /// Describes a folder; `nil` if the path is not absolute or has a line end.
    public init?(path: String, group: KeyName?, only: [String]) {
        guard path.hasPrefix("/"), !path.utf8.contains(UInt8(ascii: "\n")) else { return nil }
        self.path = path
        self.group = group
        self.only = only.sorted()
    }

    /// Reads what `line` writes; `nil` for anything else.
    init?(_ line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let group = parts[0] == "-" ? nil : try? KeyName(String(parts[0]))
        guard parts[0] == "-" || group != nil else { return nil }
        let only = parts[1] == "-" ? [] : parts[1].split(separator: ",").map(String.init)
        self.init(path: String(parts[2]), group: group, only: only)
    }

    /// A line of the file: group, exporters and path, with `-` for what was not chosen.
    var line: String {
        "\(group?.description ?? "-") \(only.isEmpty ? "-" : only.joined(separator: ",")) \(path)"
    }

    /// Whether the folder shows fewer or more lines of the registry of `home` than `lineCount`.
    public func isStale(home: String, lineCount: Int) -> Bool {
        SyncFolder(path).lineCount(of: home) != lineCount
    }

    /// Updates the folder.
    ///
    /// `registry` opens the registry; it is called under the folder's lock. If the group has no
    /// members any more, the folder shows nobody. Throws the errors of `SyncFolder.bring`.
    @discardableResult
    public func update(
        home: String,
        dryRun: Bool = false,
        _ registry: () throws -> Registry
    ) throws -> SyncFolder.Outcome {
        let exporters = RegistryExporters.all.filter { only.isEmpty || only.contains($0.id) }
        let ids = Set(exporters.map(\.id))
        return try SyncFolder(path).bring(home: home, of: ids, dryRun: dryRun) {
            let registry = try registry()
            let keys = try ExportedKeys(
                registry.state,
                group: group,
                at: .now,
                allowsMissingGroup: true
            )
            return (try exporters.flatMap { try $0.files(keys) }, registry.count)
        }
    }
}
