internal import Glibc

extension DurableFile {
    /// The absolute path of a file or folder; the path itself if the current folder has no path.
    public static func absolutePath(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(current) }
        var relative = Substring(path)
        while relative.hasPrefix("./") { relative = relative.dropFirst(2) }
        return unsafe String(cString: current) + "/" + relative
    }

    /// The absolute path without links, `.` and `..`, if the file or folder exists; else its
    /// `absolutePath`.
    public static func canonicalPath(_ path: String) -> String {
        (try? resolved(path)) ?? absolutePath(path)
    }

    /// Whether a path names a symbolic link.
    public static func isLink(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The path of a program: the name itself if it is an absolute path, else the first executable file
    /// of this name in the absolute folders of `PATH`; `nil` if there is none.
    public static func executable(_ name: String) -> String? {
        guard !name.hasPrefix("/") else { return isExecutable(name) ? name : nil }
        guard !name.isEmpty, !name.contains("/"), let path = unsafe getenv("PATH") else {
            return nil
        }
        for folder in unsafe String(cString: path).split(separator: ":") where folder.hasPrefix("/")
        {
            let place = "\(folder)/\(name)"
            if isExecutable(place) { return place }
        }
        return nil
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path, X_OK) == 0
    }

    /// The path of the program that runs; `nil` if the system does not tell.
    public static func programPath() -> String? { try? resolved("/proc/self/exe") }
}
