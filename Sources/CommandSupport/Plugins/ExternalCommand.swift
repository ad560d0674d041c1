internal import DurableFiles
internal import Glibc
internal import Keystore
internal import PluginHost
internal import PluginWire

/// Programs `keyctl-NAME`, which run as `keyctl NAME`, with the user's environment and terminal.
///
/// Only a trusted copy, or one that came with keyctl, runs.
enum ExternalCommand {
    /// Becomes the program for an unknown command; returns if there is none.
    ///
    /// Throws `PluginHostError` if its copy is not the trusted one.
    static func run(_ words: [String], umask mask: mode_t) throws {
        guard let word = words.first, let name = PluginName(word),
            let program = ProgramName(fileName: "keyctl-\(name)")
        else { return }
        let home = try Home.resolve(nil)
        let plugins = Plugins(home: home, options: PluginRunOptions(dialogue: SilentDialogue()))
        guard let path = try plugins.commandPath(program) else { return }
        _ = umask(mask)
        _ = signal(SIGPIPE, SIG_DFL)
        if let own = DurableFile.programPath() { unsafe setenv("KEYCTL_PROGRAM", own, 1) }
        let arguments = ["keyctl-\(name)"] + words.dropFirst()
        var pointers = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        // SAFETY: the strings live until the process is another program, or has failed.
        unsafe execv(path, pointers)
        let reason = unsafe String(cString: strerror(errno))
        throw CommandError.failed("\(path) could not be started: \(reason)")
    }
}
