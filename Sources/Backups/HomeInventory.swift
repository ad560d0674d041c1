internal import DurableFiles
internal import KeyFormats
internal import Keystore

/// What a home consists of: decided by the place where something lies, never by a part of its name,
/// as an identity may be called `lock` or `a.index`.
extension Home {
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

    /// Every file that a backup holds, by its name in the archive, and what is not ours.
    ///
    /// Links are followed, as they are when keys are used.
    func backedUpFiles() throws -> (files: [(name: String, path: String)], skipped: [String]) {
        var files: [(name: String, path: String)] = []
        var skipped: [String] = []
        func walk(_ parents: [String]) throws {
            let folder = ([path] + parents).joined(separator: "/")
            for last in try DurableFile.names(in: folder) {
                let parts = parents + [last]
                let name = parts.joined(separator: "/")
                let place = "\(folder)/\(last)"
                switch Home.kind(parts, isFolder: (try? DurableFile.names(in: place)) != nil) {
                case .file where ArchiveSink.isSafe(name): files.append((name, place))
                case .folder: try walk(parts)
                case .remade: continue
                case .file, .unknown: skipped.append(name)
                }
            }
        }
        try walk([])
        return (files, skipped)
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
