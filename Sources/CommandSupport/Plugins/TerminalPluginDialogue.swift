internal import CryptoCore
internal import KeyFormats
internal import PluginHost

/// Asks for plugins on the terminal: each line begins with the plugin's name.
struct TerminalPluginDialogue: PluginDialogue {
    func show(_ text: String, of plugin: String) {
        for line in Printable.messageLines(text) { Report.note("plugin \(plugin): \(line)") }
    }

    func showProgress(_ text: String, done: Int, total: Int, of plugin: String) {
        guard !text.isEmpty else { return }
        show(total > 0 ? "\(text) (\(done) of \(total))" : text, of: plugin)
    }

    func confirm(
        _ text: String,
        yes: String,
        no: String?,
        of plugin: String
    ) throws -> Bool? {
        guard TerminalPrompt.isThere else { return nil }
        show(text, of: plugin)
        let choices =
            "\(Printable.text(yes, limit: 80)) [y] / \(Printable.text(no ?? "no", limit: 80)) [n]"
        guard let answer = TerminalPrompt.answer(prompt(choices, plugin)) else { return nil }
        switch answer.lowercased() {
        case "y", "yes": return true
        case "n", "no": return false
        default: throw PluginCancellation()
        }
    }

    func askPublic(_ prompt: String, of plugin: String) throws -> [UInt8]? {
        guard TerminalPrompt.isThere else { return nil }
        guard let line = TerminalPrompt.line(self.prompt(prompt, plugin)) else {
            throw PluginCancellation()
        }
        return line
    }

    func askSecret(_ prompt: String, of plugin: String) throws -> Passphrase? {
        guard TerminalPrompt.isThere else { return nil }
        do {
            return try TerminalPrompt.passphrase("plugin \(plugin): \(Printable.text(prompt))")
        } catch is CommandError { throw PluginCancellation() }
    }

    private func prompt(_ text: String, _ plugin: String) -> String {
        "plugin \(plugin): \(Printable.text(text)): "
    }
}
