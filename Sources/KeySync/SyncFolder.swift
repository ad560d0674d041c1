internal import CryptoCore
internal import DurableFiles

/// A folder that is brought in step: only what changed is written, each file whole, and only files
/// that were written here before are removed.
public struct SyncFolder {
    private static let manifestName = ".keyctl-sync"
    private static let heading = FileHeading("keyctl-sync", version: 1)
    private static let largestByteCount = 64 << 20
    private let path: String

    /// What became of the files, by their paths in the folder.
    public struct Outcome: Equatable, Sendable {
        /// Those that are new or changed.
        public internal(set) var written: [String] = []
        /// Those that were written before and are not wanted any more.
        public internal(set) var removed: [String] = []
        /// Those that were right already.
        public internal(set) var unchanged: [String] = []
    }

    /// Names a folder, which is made where it is not there.
    public init(_ path: String) { self.path = path }

    /// Writes what changed of the files, and removes what these exporters, by their ids, wrote before
    /// and write no longer.
    ///
    /// Throws `KeySyncError` where a file stands in the way that was not written here, and changes
    /// nothing then; `dryRun` changes nothing at all.
    public func bring(
        to files: [SyncedFile],
        of exporters: Set<String>,
        dryRun: Bool
    ) throws -> Outcome {
        guard !dryRun else { return try outcome(files, exporters, known: manifest()) }
        try DurableFile.makePublicFolder(path)
        // Two at once would each remove what the other wrote.
        let lock = try FileLock("\(path)/\(SyncFolder.manifestName).lock")
        let known = try manifest()
        let outcome = try outcome(files, exporters, known: known)
        try write(files, outcome, known: known)
        _ = consume lock
        return outcome
    }

    /// What has to be done; `known` are the files that were written here before.
    private func outcome(
        _ files: [SyncedFile],
        _ exporters: Set<String>,
        known: Set<String>
    ) throws -> Outcome {
        var outcome = Outcome()
        for file in files {
            let place = "\(path)/\(file.path)"
            guard !isSame(place, file.content) else {
                outcome.unchanged.append(file.path)
                continue
            }
            guard known.contains(file.path) || !DurableFile.exists(place) else {
                throw KeySyncError.foreignFile(place)
            }
            outcome.written.append(file.path)
        }
        outcome.removed = known.subtracting(files.map(\.path))
            .filter { name in
                exporters.contains(name.split(separator: "/").first.map(String.init) ?? "")
            }
            .sorted()
        return outcome
    }

    private func write(_ files: [SyncedFile], _ outcome: Outcome, known: Set<String>) throws {
        for folder in Set(files.map { DurableFile.folder(of: "\(path)/\($0.path)") }) {
            try DurableFile.makePublicFolder(folder)
        }
        let all = known.union(files.map(\.path))
        // Written down before the first file: a crash in between leaves nothing that is not ours.
        try keep(all)
        for file in files where outcome.written.contains(file.path) {
            try DurableFile.replace(
                "\(path)/\(file.path)",
                with: file.content.borrowedBytes,
                mode: DurableFile.publicMode
            )
        }
        for name in outcome.removed { try DurableFile.remove("\(path)/\(name)") }
        try keep(all.subtracting(outcome.removed))
    }

    private func isSame(_ path: String, _ content: [UInt8]) -> Bool {
        (try? DurableFile.read(path, limit: content.count + 1)) == content
    }

    private func manifest() throws -> Set<String> {
        let place = "\(path)/\(SyncFolder.manifestName)"
        guard DurableFile.exists(place) else { return [] }
        let bytes = try DurableFile.read(place, limit: SyncFolder.largestByteCount)
        try SyncFolder.heading.requireKnownVersion(bytes, path: place)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        // A name that leads out of the folder is none of ours.
        guard lines.first == SyncFolder.heading.description,
            !lines.contains(where: { $0.hasPrefix("/") || $0.split(separator: "/").contains("..") })
        else {
            throw KeySyncError.damagedManifest(place)
        }
        return Set(lines.dropFirst())
    }

    private func keep(_ names: Set<String>) throws {
        let text = ([SyncFolder.heading.description] + names.sorted()).map { $0 + "\n" }.joined()
        let place = "\(path)/\(SyncFolder.manifestName)"
        guard !isSame(place, Array(text.utf8)) else { return }
        try DurableFile.replace(place, with: Array(text.utf8).borrowedBytes)
    }
}
