internal import AgeFiles
internal import AgePlugins
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import Failures
internal import Glibc

/// Asks on the terminal what plugins of age want to know.
struct PluginDialogue: AgePluginDialogue {
    var isThere: Bool { TerminalPrompt.isThere }

    func show(_ line: String) -> Bool { TerminalPrompt.show(line) }

    func line(_ prompt: String) -> String? { TerminalPrompt.line(prompt) }

    func secret(_ prompt: String) throws -> SecretBytes? {
        guard TerminalPrompt.isThere else { return nil }
        let line = try TerminalPrompt.secretLine(prompt)
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
        return AgePluginHost(
            path: path,
            secretVariables: secretVariables,
            user: PluginDialogue()
        )
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
