internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyFormats

/// A file of a plugin outside of the home, as it is found.
struct ProgramFile {
    /// The largest file of a plugin: 256 MiB.
    static let largestByteCount = 256 << 20
    private static let writableByOthers: UInt32 = 0o022
    private static let sticky: UInt32 = 0o1000

    /// The path without links.
    let path: String
    /// What it is called.
    let name: ProgramName

    /// Looks at a file that is to be trusted.
    ///
    /// Throws `PluginHostError` if its name is not allowed, if it is not executable, or if others
    /// can change it or a folder on the way to it; `FileError` if it is not there.
    init(_ given: String) throws {
        let path = try DurableFile.resolved(given)
        guard let name = ProgramName(fileName: given.split(separator: "/").last ?? ""),
            ProgramName(fileName: path.split(separator: "/").last ?? "") == name
        else { throw PluginHostError.badFileName(given) }
        self.path = path
        self.name = name
        try ProgramFile.requireSafe(path, owners: [0, geteuid()])
    }

    /// Throws `PluginHostError` unless the file is executable and belongs to one of the owners, and
    /// nobody else can change it or a folder on the way to it.
    static func requireSafe(_ path: String, owners: Set<UInt32>) throws {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o111 != 0
        else { throw PluginHostError.notExecutable(path) }
        guard owners.contains(status.st_uid) else { throw PluginHostError.otherOwner(path) }
        guard status.st_mode & writableByOthers == 0 else {
            throw PluginHostError.writableByOthers(path, path)
        }
        var place = path
        while place != "/" {
            place = DurableFile.folder(of: place)
            guard unsafe stat(place, &status) == 0 else { throw PluginHostError.otherOwner(path) }
            // In a sticky folder such as /tmp others cannot rename what is not theirs.
            let isSafe =
                status.st_mode & writableByOthers == 0 || status.st_mode & sticky != 0
            guard isSafe else { throw PluginHostError.writableByOthers(path, place) }
            guard owners.contains(status.st_uid) || status.st_uid == 0 else {
                throw PluginHostError.otherOwner(place)
            }
        }
    }

    /// The content; throws `FileError` if it cannot be read.
    func read() throws -> [UInt8] {
        try DurableFile.read(path, limit: ProgramFile.largestByteCount)
    }
}
