internal import CryptoCore
internal import DurableFiles

/// A folder that `keyctl sync` updates: only changed files are written, each one whole, and only files
/// that it wrote before are removed.
public struct SyncFolder {
    private let path: String

    /// What the files of a folder show: the files, and the number of the registry's lines.
    public typealias Content = (files: [SyncedFile], lineCount: Int)

    /// What became of the files, by their paths in the folder.
    public struct Outcome: Equatable, Sendable {
        /// The files that are new or changed.
        public internal(set) var written: [String] = []
        /// The files that were written before and are not wanted any more.
        public internal(set) var removed: [String] = []
        /// The files that were right already.
        public internal(set) var unchanged: [String] = []
    }

    /// Names a folder; it is made if it does not exist.
    public init(_ path: String) { self.path = path }

    /// The number of the registry's lines that the files show; `nil` if the folder was not written by
    /// this home, or if its list cannot be read.
    public func lineCount(of home: String) -> Int? {
        guard let manifest = try? SyncManifest(folder: path), manifest.home == home else {
            return nil
        }
        return manifest.lineCount
    }

    /// Writes the files that changed, and removes those that these exporters, by their ids, wrote before
    /// and do not write any more.
    ///
    /// `content` is called under the folder's lock, so a process that reads the registry there never
    /// replaces newer files by older ones. A file of another program is left alone; all others are
    /// written, then `KeySyncError` is thrown. It is thrown before any change if the folder belongs to
    /// the registry of another home, or if a folder in it is a link. `dryRun` changes nothing.
    public func bring(
        home: String,
        of exporters: Set<String>,
        dryRun: Bool,
        to content: () throws -> Content
    ) throws -> Outcome {
        guard !dryRun else { return try outcome(content().files, exporters, home).outcome }
        try DurableFile.makePublicFolder(path)
        let lock = try FileLock("\(path)/\(SyncManifest.name).lock")
        let (files, lineCount) = try content()
        var (outcome, foreign, manifest) = try outcome(files, exporters, home)
        manifest.home = home
        try write(files.filter { !foreign.contains($0.path) }, outcome, &manifest)
        // Last: only now the files show these lines.
        if foreign.isEmpty, manifest.lineCount != lineCount {
            manifest.lineCount = lineCount
            try keep(manifest)
        }
        _ = consume lock
        if let first = foreign.first { throw KeySyncError.foreignFile("\(path)/\(first)") }
        return outcome
    }

    /// What has to be done, and the files of other programs that are in the way.
    private func outcome(
        _ files: [SyncedFile],
        _ exporters: Set<String>,
        _ home: String
    ) throws -> (outcome: Outcome, foreign: [String], manifest: SyncManifest) {
        let manifest = try SyncManifest(folder: path)
        if let other = manifest.home, other != home {
            throw KeySyncError.otherHome(path, other)
        }
        // A link could lead to files outside, for example in a folder that came with a repository.
        for name in Set(files.map(\.path)).union(manifest.names) where name.contains("/") {
            let folder = DurableFile.folder(of: "\(path)/\(name)")
            guard !DurableFile.isLink(folder) else { throw KeySyncError.link(folder) }
        }
        var outcome = Outcome()
        var foreign: [String] = []
        for file in files {
            let place = "\(path)/\(file.path)"
            if isSame(place, file.content) {
                outcome.unchanged.append(file.path)
            } else if manifest.names.contains(file.path) || !DurableFile.exists(place) {
                outcome.written.append(file.path)
            } else {
                foreign.append(file.path)
            }
        }
        outcome.removed = manifest.names.subtracting(files.map(\.path))
            .filter { name in
                exporters.contains(name.split(separator: "/").first.map(String.init) ?? "")
            }
            .sorted()
        return (outcome, foreign, manifest)
    }

    private func write(
        _ files: [SyncedFile],
        _ outcome: Outcome,
        _ manifest: inout SyncManifest
    ) throws {
        for folder in Set(files.map { DurableFile.folder(of: "\(path)/\($0.path)") }) {
            try DurableFile.makePublicFolder(folder)
        }
        // The list is written before the first file: after a crash, every file of ours is in it.
        manifest.names.formUnion(files.map(\.path))
        try keep(manifest)
        for file in files where outcome.written.contains(file.path) {
            try DurableFile.replace(
                "\(path)/\(file.path)",
                with: file.content.borrowedBytes,
                mode: DurableFile.publicMode
            )
        }
        for name in outcome.removed { try DurableFile.remove("\(path)/\(name)") }
        manifest.names.subtract(outcome.removed)
        try keep(manifest)
    }

    private func isSame(_ path: String, _ content: [UInt8]) -> Bool {
        (try? DurableFile.read(path, limit: content.count + 1)) == content
    }

    private func keep(_ manifest: SyncManifest) throws {
        let place = "\(path)/\(SyncManifest.name)"
        guard !isSame(place, manifest.encoded) else { return }
        try DurableFile.replace(place, with: manifest.encoded.borrowedBytes)
    }
}
