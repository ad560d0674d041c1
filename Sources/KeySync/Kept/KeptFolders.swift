internal import CryptoCore
internal import DurableFiles
public import Registry

/// The list of a home's kept folders, in the file `kept-folders` (docs/keystore-format.md).
///
/// Commands update them after each change of the registry.
public struct KeptFolders: Sendable {
    private static let heading = FileHeading("keyctl-kept-folders", version: 1)
    private static let largestByteCount = 1 << 20
    private static let largestCount = 100
    private let path: String

    /// Names the list by the path of its file, which may be missing.
    public init(path: String) { self.path = path }

    /// The folders, in the order in which they were added.
    ///
    /// Throws `KeySyncError` if the file is damaged, and `FileError` if it cannot be read.
    public func all() throws -> [KeptFolder] {
        guard DurableFile.exists(path) else { return [] }
        let bytes = try DurableFile.read(path, limit: KeptFolders.largestByteCount)
        try KeptFolders.heading.requireKnownVersion(bytes, path: path)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == KeptFolders.heading.description else {
            throw KeySyncError.damagedList(path)
        }
        return try lines.dropFirst().map { line in
            guard let folder = KeptFolder(line) else { throw KeySyncError.damagedList(path) }
            return folder
        }
    }

    /// Adds a folder, or replaces the options of one that is in the list.
    ///
    /// Throws `KeySyncError` if the list is full, and what `all` throws.
    public func add(_ folder: KeptFolder) throws {
        try change { folders in
            folders.removeAll { $0.path == folder.path }
            folders.append(folder)
            guard folders.count <= KeptFolders.largestCount else {
                throw KeySyncError.tooManyKept(KeptFolders.largestCount)
            }
        }
    }

    /// Removes the folder with this path from the list; returns whether it was in it.
    ///
    /// The files of the folder stay.
    public func remove(_ folder: String) throws -> Bool {
        guard try all().contains(where: { $0.path == folder }) else { return false }
        try change { folders in folders.removeAll { $0.path == folder } }
        return true
    }

    /// Updates each folder that does not show `lineCount` lines of the registry; returns the failures.
    ///
    /// Throws what `all` throws.
    public func update(
        home: String,
        lineCount: Int,
        _ registry: () throws -> Registry
    ) throws -> [(folder: KeptFolder, error: any Error)] {
        var failures: [(folder: KeptFolder, error: any Error)] = []
        for folder in try all() where folder.isStale(home: home, lineCount: lineCount) {
            do { try folder.update(home: home, registry) } catch {
                failures.append((folder, error))
            }
        }
        return failures
    }

    private func change(_ edit: (inout [KeptFolder]) throws -> Void) throws {
        let lock = try FileLock("\(path).lock")
        var folders = try all()
        try edit(&folders)
        let lines = [KeptFolders.heading.description] + folders.map(\.line)
        let text = lines.map { $0 + "\n" }.joined()
        try DurableFile.replace(path, with: Array(text.utf8).borrowedBytes)
        _ = consume lock
    }
}
