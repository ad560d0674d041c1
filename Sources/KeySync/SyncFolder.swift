internal import CommandSupport
internal import CryptoCore
internal import DurableFiles

/// A folder that is brought in step: only what changed is written, each file whole, and only files
/// that were written here before are removed.
struct SyncFolder {
    private static let manifestName = ".keyctl-sync"
    private static let heading = FileHeading("keyctl-sync", version: 1)
    private static let largestByteCount = 64 << 20
    private let path: String

    struct Outcome {
        var written: [String] = []
        var removed: [String] = []
        var unchanged: [String] = []
    }

    init(_ path: String) { self.path = path }

    func bring(
        to files: [SyncedFiles.File],
        kinds: Set<String>,
        dryRun: Bool
    ) throws -> Outcome {
        if !dryRun { try DurableFile.makePublicFolder(path) }
        // Two at once would each remove what the other wrote.
        let lock = dryRun ? nil : Lock(try FileLock("\(path)/\(SyncFolder.manifestName).lock"))
        defer { withExtendedLifetime(lock) {} }
        let known = try manifest()
        let wanted = Set(files.map(\.path))
        var outcome = Outcome()
        for file in files {
            let place = "\(path)/\(file.path)"
            guard !isSame(place, file.content) else {
                outcome.unchanged.append(file.path)
                continue
            }
            guard known.contains(file.path) || !DurableFile.exists(place) else {
                throw CommandError.failed(
                    "\(place) exists already, and was not written by keyctl sync",
                    hint: "move it away, or name another folder"
                )
            }
            outcome.written.append(file.path)
        }
        let superfluous = known.subtracting(wanted)
            .filter { name in
                kinds.contains(name.split(separator: "/").first.map(String.init) ?? "")
            }
        outcome.removed = superfluous.sorted()
        guard !dryRun else { return outcome }
        if files.contains(where: { $0.kind == "pem" }) {
            try DurableFile.makePublicFolder(path + "/pem")
        }
        // Written down before the first file: a crash in between leaves nothing that is not ours.
        try keep(known.union(wanted))
        for file in files where outcome.written.contains(file.path) {
            try DurableFile.replace(
                "\(path)/\(file.path)",
                with: file.content.borrowedBytes,
                mode: DurableFile.publicMode
            )
        }
        for name in outcome.removed { try DurableFile.remove("\(path)/\(name)") }
        try keep(known.union(wanted).subtracting(superfluous))
        return outcome
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
            throw CommandError.failed(
                "\(place) is damaged",
                hint: "remove it, and the files that keyctl sync wrote; then run it again"
            )
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

/// Holds a lock for as long as it lives.
private final class Lock {
    private let lock: FileLock

    init(_ lock: consuming FileLock) { self.lock = lock }
}
