internal import CryptoCore
internal import DurableFiles

/// The file `.keyctl-sync` of a synced folder: which files `keyctl sync` wrote, and from what.
struct SyncManifest: Equatable {
    static let name = ".keyctl-sync"
    private static let heading = FileHeading("keyctl-sync", version: 2)
    private static let largestByteCount = 64 << 20

    /// The path of the home whose registry the files show; `nil` before the first update.
    var home: String?
    /// The number of the registry's lines that the files show.
    var lineCount = 0
    /// The paths of the files in the folder.
    var names: Set<String> = []

    /// Reads the file of a folder; an empty manifest if there is none.
    ///
    /// Throws `KeySyncError` if it is damaged or names a file outside the folder.
    init(folder: String) throws {
        let path = "\(folder)/\(SyncManifest.name)"
        guard DurableFile.exists(path) else { return }
        let bytes = try DurableFile.read(path, limit: SyncManifest.largestByteCount)
        try SyncManifest.heading.requireKnownVersion(bytes, path: path)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count >= 2, lines[0] == SyncManifest.heading.description else {
            throw KeySyncError.damagedManifest(path)
        }
        let words = lines[1].split(separator: " ")
        guard words.count == 3, words[0] == "registry", let count = Int(words[1]), count >= 0,
            let home = Base64.decode(words[2]),
            !lines.dropFirst(2).contains(where: SyncManifest.leadsOut)
        else { throw KeySyncError.damagedManifest(path) }
        self.home = String(decoding: home, as: UTF8.self)
        lineCount = count
        names = Set(lines.dropFirst(2))
    }

    private static func leadsOut(_ name: String) -> Bool {
        name.hasPrefix("/") || name.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }

    /// The bytes of the file.
    var encoded: [UInt8] {
        let origin = "registry \(lineCount) \(Base64.encode(Array((home ?? "").utf8)))"
        let lines = [SyncManifest.heading.description, origin] + names.sorted()
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}
