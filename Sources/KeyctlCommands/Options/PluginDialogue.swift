internal import AgeFiles
internal import AgePlugins
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import Failures
internal import Glibc

/// Asks on the terminal what plugins of age want to know; each question names the plugin.
struct PluginDialogue: AgePluginDialogue {
    func show(_ message: String, from plugin: AgePluginName) -> Bool {
        TerminalPrompt.show("\(plugin.program): \(message)")
    }

    func confirm(_ message: String, yes: String, no: String?, from plugin: AgePluginName) -> Bool? {
        guard let no else {
            let prompt = "\(plugin.program): \(message) (press Enter: \(yes)) "
            return TerminalPrompt.line(prompt).map { _ in true }
        }
        while true {
            let prompt = "\(plugin.program): \(message) (1: \(yes), 2: \(no)) "
            switch TerminalPrompt.line(prompt) {
            case "1": return true
            case "2": return false
            case nil: return nil
            default: continue
            }
        }
    }

    func publicText(_ message: String, from plugin: AgePluginName) -> String? {
        TerminalPrompt.line("\(plugin.program): \(message): ")
    }

    func secret(_ message: String, from plugin: AgePluginName) -> SecretBytes? {
        guard let line = try? TerminalPrompt.secretLine("\(plugin.program): \(message): ") else {
            return nil
        }
        var count = line.count
        while count > 0,
            [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
                .contains(line.bytes.byte(at: count - 1))
        { count -= 1 }
        return SecretBytes(copying: line.bytes.extracting(0..<count))
    }
}

extension GlobalOptions {
    /// Runs the plugins of age that the user's recipients and identities name.
    var pluginHost: AgePluginHost {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        return AgePluginHost(path: path, user: PluginDialogue())
    }
}

extension AgePluginName {
    /// Reads a name from the command line, so that a wrong one is a usage error.
    static func argument(_ text: String) throws -> AgePluginName {
        do { return try AgePluginName(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
