internal import CryptoCore
internal import DurableFiles

/// A folder of key files that is updated from the registry.
///
/// Only changed files are written, each as a whole. Only files that an earlier update wrote are
/// removed.
public struct SyncFolder {
    private static let manifestName = ".keyctl-sync"
    private static let heading = FileHeading("keyctl-sync", version: 1)
    private static let largestByteCount = 64 << 20
    private let path: String

    /// The result of an update: the paths of the files in the folder.
    public struct Outcome: Equatable, Sendable {
        /// The files that are new or changed.
        public internal(set) var written: [String] = []
        /// The files that an earlier update wrote and that are not needed any more.
        public internal(set) var removed: [String] = []
        /// The files that were already right.
        public internal(set) var unchanged: [String] = []
    }

    /// Names a folder; it is made if it does not exist.
    public init(_ path: String) { self.path = path }

    /// Writes the changed files, and removes files that these exporters (by their ids) wrote before
    /// and do not write now.
    ///
    /// Throws `KeySyncError`, and changes nothing, if another program's file has the name of a new
    /// file. `dryRun` changes nothing.
    public func bring(
        to files: [SyncedFile],
        of exporters: Set<String>,
        dryRun: Bool
    ) throws -> Outcome {
        guard !dryRun else { return try outcome(files, exporters, known: manifest()) }
        try DurableFile.makePublicFolder(path)
        // Without the lock, two updates could remove each other's files.
        let lock = try FileLock("\(path)/\(SyncFolder.manifestName).lock")
        let known = try manifest()
        let outcome = try outcome(files, exporters, known: known)
        try write(files, outcome, known: known)
        _ = consume lock
        return outcome
    }

    /// Returns the necessary changes; `known` are the files that an earlier update wrote.
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
        // The manifest is written before the files. So after a crash, it names each file that was
        // written here.
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
        // A name that leads out of the folder was not written here.
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
