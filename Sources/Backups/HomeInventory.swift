internal import DurableFiles
internal import KeyFormats
public import Keystore

/// What a home consists of: decided by the place where something lies, never by a part of its name,
/// as an identity may be called `lock` or `a.index`.
public struct HomeInventory {
    /// Every file that a backup holds: its name in the archive, and where it is.
    public private(set) var files: [(name: String, path: String)] = []
    /// Names of what is not a file of keyctl, and is left out.
    public private(set) var skipped: [String] = []

    /// What becomes of a file or folder in a backup.
    private enum Kind {
        /// It is kept.
        case file
        /// What is in it is kept.
        case folder
        /// Locks, indexes, drafts, and what a chat's server sends again: they are made anew.
        case remade
        /// It is not ours.
        case unknown
    }

    /// Looks through a home.
    ///
    /// Links are followed, as they are when keys are used.
    ///
    /// Throws `FileError` where a folder cannot be read.
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
        // Of a chat, what was seen of its registry: the rest comes from the server again.
        case ("chat", 3):
            return last.hasPrefix("registry") && last != "registry.index" ? .file : .remade
        // What is trusted is kept; the programs themselves are not, and must be trusted anew.
        case ("plugins", 1): return isFolder ? .folder : .unknown
        case ("plugins", 2):
            return last == "trusted" && !isFolder ? .file : isFolder ? .unknown : .remade
        case ("audit.log", 1), ("compromised", 1), ("recovery", 1): return .file
        case ("lock", 1), ("audit.log.lock", 1), ("rewrap.journal", 1),
            ("rewrap.journal.lock", 1):
            return .remade
        case (_, 1):
            let isHandedOut = last.hasSuffix(".pub") || last.hasSuffix(".txt")
            return isHandedOut && !isFolder ? .file : .unknown
        default: return .unknown
        }
    }
}
