internal import DurableFiles
internal import Glibc
internal import PluginWire

/// The folders in which plugins are installed; never the current one, and never `PATH`.
public struct InstalledPrograms: Sendable {
    /// A program that lies in one of the folders.
    public struct Found: Sendable {
        /// What it is called.
        public let name: ProgramName
        /// Where it is.
        public let path: String
        /// Whether it came with keyctl, and needs no trust of the user.
        public let isShipped: Bool
    }

    /// Folders of what comes with keyctl.
    let shippedFolders: [String]
    /// Folders of other plugins.
    let otherFolders: [String]

    /// Finds the folders, from the place of this program.
    public init() {
        var shipped: [String] = []
        if let program = DurableFile.programPath() {
            let folder = DurableFile.folder(of: program)
            shipped.append(DurableFile.folder(of: folder) + "/libexec/keyctl")
            // A build has its plugins beside the program.
            if folder.split(separator: "/").contains(".build") { shipped.append(folder) }
        }
        shippedFolders = shipped
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? ""
        otherFolders =
            (home.hasPrefix("/") ? [home + "/.local/libexec/keyctl"] : [])
            + ["/usr/local/libexec/keyctl", "/usr/libexec/keyctl"].filter { !shipped.contains($0) }
    }

    /// For tests: other folders.
    init(shipped: [String], other: [String]) {
        shippedFolders = shipped
        otherFolders = other
    }

    /// Everything that is there, each name once.
    public func all() -> [Found] {
        var found: [Found] = []
        var names: Set<ProgramName> = []
        for folder in shippedFolders + otherFolders {
            for file in (try? DurableFile.names(in: folder)) ?? [] {
                // In a build, the folder also holds what is no plugin of ours.
                guard let name = ProgramName(fileName: file), names.insert(name).inserted else {
                    continue
                }
                let path = "\(folder)/\(file)"
                if shippedFolders.contains(folder) {
                    guard let shipped = shipped(name) else { continue }
                    found.append(shipped)
                } else if unsafe access(path, X_OK) == 0 {
                    found.append(Found(name: name, path: path, isShipped: false))
                }
            }
        }
        return found
    }

    /// A program that came with keyctl; `nil` if there is none, or if others can change it.
    func shipped(_ name: ProgramName) -> Found? {
        for folder in shippedFolders {
            let path = "\(folder)/\(name)"
            guard DurableFile.exists(path), let owners = InstalledPrograms.owners,
                (try? ProgramFile.requireSafe(path, owners: owners)) != nil
            else { continue }
            return Found(name: name, path: path, isShipped: true)
        }
        return nil
    }

    /// Root, and the owner of this program.
    private static var owners: Set<UInt32>? {
        var status = stat()
        guard unsafe stat("/proc/self/exe", &status) == 0 else { return nil }
        return [0, status.st_uid]
    }
}
