internal import AgeFiles
internal import Glibc

/// The folders that programs are looked for in.
struct PluginSearch {
    private let folders: [String]

    /// Takes the value of `PATH`.
    ///
    /// Only absolute folders count: an empty or relative one would mean the current folder, where
    /// anybody may have put a program.
    init(path: String) {
        folders = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    }

    /// The first executable file of a plugin; throws `AgePluginError` where there is none.
    func program(of plugin: AgePluginName) throws(AgePluginError) -> String {
        var notExecutable: String?
        for folder in folders {
            let file = "\(folder)/\(plugin.program)"
            var status = stat()
            guard unsafe stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            guard unsafe access(file, X_OK) == 0 else {
                notExecutable = notExecutable ?? file
                continue
            }
            return file
        }
        throw AgePluginError.missing(plugin, notExecutable: notExecutable)
    }
}
