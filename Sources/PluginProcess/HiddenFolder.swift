internal import CLinux
internal import DurableFiles
internal import Glibc

/// A folder in which a program can open nothing, where the kernel has Landlock.
///
/// Landlock allows what is listed and forbids the rest. So everything beside the way to the folder is
/// allowed: the other entries of each folder above it. What is made beside the way later stays
/// forbidden for the program.
public struct HiddenFolder: Sendable {
    /// The folder; it need not exist.
    public let path: String
    /// Files in it that may be read and executed.
    public let exceptions: [String]

    /// Names a folder, and files in it that stay visible.
    public init(_ path: String, except exceptions: [String]) {
        self.path = path
        self.exceptions = exceptions
    }

    /// The version of Landlock that the kernel has; 0 if it has none.
    public static var landlockVersion: Int { max(0, Int(clinux_landlock_version())) }

    /// Makes the rules; `nil` where the kernel has no Landlock.
    ///
    /// Throws `PluginProcessError` where it has, and refuses them.
    func rules(for name: String) throws(PluginProcessError) -> Descriptor? {
        let version = HiddenFolder.landlockVersion
        guard version > 0 else { return nil }
        let number = clinux_landlock_rules(CInt(version))
        guard number >= 0 else { throw PluginProcessError.notStarted(name, errno) }
        let rules = Descriptor(number)
        var folder = ""
        for part in HiddenFolder.resolved(path).split(separator: "/") {
            let entries = (try? DurableFile.names(in: folder + "/", withHidden: true)) ?? []
            for entry in entries where entry != part {
                allow("\(folder)/\(entry)", rules, version)
            }
            folder += "/\(part)"
        }
        for exception in exceptions { allow(exception, rules, version, onlyRun: true) }
        return rules
    }

    /// A link is left out: what it leads to is allowed at its own place, or is hidden.
    private func allow(
        _ path: String,
        _ rules: Descriptor,
        _ version: Int,
        onlyRun: Bool = false
    ) {
        // What cannot be opened, or has gone meanwhile, stays forbidden.
        _ = unsafe path.withCString {
            unsafe clinux_landlock_allow(rules.number, $0, CInt(version), onlyRun ? 1 : 0)
        }
    }

    /// The path without links, as far as it exists.
    private static func resolved(_ path: String) -> String {
        if let real = try? DurableFile.resolved(path) { return real }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return path }
        return resolved(String(path[..<slash])) + path[slash...]
    }
}
