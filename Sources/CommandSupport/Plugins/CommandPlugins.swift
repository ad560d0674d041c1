internal import Glibc
internal import Keystore
internal import PluginHost
internal import Synchronization

/// The plugins of this process: each home's are made once, and ended before the process ends.
enum CommandPlugins {
    private static let all = Mutex<[String: Plugins]>([:])

    static func plugins(of home: Home, traces: Bool) throws -> Plugins {
        if let plugins = all.withLock({ $0[home.path] }) { return plugins }
        var options = PluginRunOptions(dialogue: TerminalPluginDialogue())
        if let seconds = try timeout() {
            options.silence = .seconds(seconds)
            options.slowSilence = .seconds(seconds)
        }
        if traces { options.trace = { Report.note($0) } }
        let plugins = Plugins(home: home, options: options)
        return all.withLock { all in
            if let other = all[home.path] { return other }
            all[home.path] = plugins
            return plugins
        }
    }

    /// Ends every plugin that runs.
    static func end() {
        for plugins in all.withLock({ Array($0.values) }) { plugins.end() }
    }

    /// `KEYCTL_PLUGIN_TIMEOUT`, in seconds.
    private static func timeout() throws -> Int? {
        guard let value = unsafe getenv("KEYCTL_PLUGIN_TIMEOUT") else { return nil }
        let text = unsafe String(cString: value)
        guard !text.isEmpty else { return nil }
        guard let seconds = Int(text), PluginRunOptions.timeoutSeconds.contains(seconds) else {
            throw CommandError.usage(
                "KEYCTL_PLUGIN_TIMEOUT is not a number of seconds from 1 to 600",
                hint: "for example: KEYCTL_PLUGIN_TIMEOUT=60"
            )
        }
        return seconds
    }
}
