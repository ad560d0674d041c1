internal import DurableFiles
internal import KeyFormats
public import Keystore

/// The files of a home.
///
/// The path of a file decides what it is, never a part of its name, because an identity may be
/// called `lock` or `a.index`.
public struct HomeInventory {
    /// The files that a backup holds: the name in the archive, and the path.
    public private(set) var files: [(name: String, path: String)] = []
    /// The names of files that keyctl did not write; the backup leaves them out.
    public private(set) var skipped: [String] = []

    /// How a backup treats a file or folder.
    private enum Kind {
        /// The file is in the backup.
        case file
        /// The content of the folder is in the backup.
        case folder
        /// Left out, because it is made again: locks, indexes, drafts, and data that a chat's
        /// server sends again.
        case remade
        /// Left out, because keyctl did not write it.
        case unknown
    }

    /// Reads the folders of a home.
    ///
    /// Links are followed, as they are when keys are used. Throws `FileError` if a folder cannot be
    /// read.
    public init(_ home: Home) throws { try look(below: [], in: home.path) }

    private mutating func look(below parents: [String], in home: String) throws {
        let folder = ([home] + parents).joined(separator: "/")
        for last in try DurableFile.names(in: folder) {
            let parts = parents + [last]
            let name = parts.joined(separator: "/")
            let place = "\(folder)/\(last)"
            let isFolder = (try? DurableFile.names(in: place)) != nil
            switch HomeInventory.kind(parts, isFolder: isFolder) {
            case .file where TarSink.isSafe(name): files.append((name, place))
            case .folder: try look(below: parts, in: home)
            case .remade: continue
            case .file, .unknown: skipped.append(name)
            }
        }
    }

    /// Whether a restore writes a file of this name in an archive.
    ///
    /// Older backups have files that are made again, or must be trusted again: those are left out.
    /// Throws `BackupError` for a name that no backup has.
    static func restores(_ name: String) throws -> Bool {
        let parts = name.split(separator: "/").map(String.init)
        for count in 1..<max(parts.count, 1) {
            switch kind(Array(parts.prefix(count)), isFolder: true) {
            case .folder: continue
            case .remade: return false
            case .file, .unknown: throw BackupError.damaged
            }
        }
        switch kind(parts, isFolder: false) {
        case .file: return true
        case .remade: return false
        case .folder, .unknown: throw BackupError.damaged
        }
    }

    private static func kind(_ parts: [String], isFolder: Bool) -> Kind {
        guard let last = parts.last else { return .unknown }
        switch (parts.first, parts.count) {
        case ("identities", 1), ("replaced", 1), ("registry", 1), ("chat", 1):
            return isFolder ? .folder : .unknown
        case ("identities", 2): return isFolder && (try? KeyName(last)) != nil ? .folder : .unknown
        case ("replaced", 2): return isFolder ? .folder : .unknown
        case ("identities", 3), ("replaced", 3):
            let isOurs = last == "identity" || Keystore.isSealedFile(name: last)
            return isOurs && !isFolder ? .file : .unknown
        case ("registry", 2):
            if ["log.index", "room-head"].contains(last) { return .remade }
            return ["log", "checkpoint"].contains(last) ? .file : .unknown
        case ("chat", 2): return isFolder ? .folder : .remade
        // Of a chat, only the copy of the server's registry is kept; the server sends the rest
        // again.
        case ("chat", 3):
            return last.hasPrefix("registry") && last != "registry.index" ? .file : .remade
        // A backup must not bring programs that run: plugins are trusted anew.
        case ("plugins", _): return .remade
        case ("audit.log", 1), ("compromised", 1), ("recovery", 1):
            return .file
        case ("lock", 1), ("audit.log.lock", 1), ("rewrap.journal", 1),
            ("rewrap.journal.lock", 1), ("kept-folders.lock", 1),
            // A restored copy of a home must not write into the folders of the original.
            ("kept-folders", 1):
            return .remade
        case (_, 1):
            let isHandedOut = last.hasSuffix(".pub") || last.hasSuffix(".txt")
            return isHandedOut && !isFolder ? .file : .unknown
        default: return .unknown
        }
    }
}
