internal import CryptoCore
internal import PluginHost
internal import PluginProcess

/// Asks on the terminal for plugins: each text of a plugin has a line with the plugin's name, and the
/// line on which the user types is ours.
struct TerminalPluginDialogue: PluginDialogue {
    func show(_ text: String, of plugin: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            Report.note("\(name(plugin)): \(PluginText.line(String(line)))")
        }
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
        let prompt = PluginPrompt(
            text,
            yes: yes,
            no: no ?? "no",
            answers: ("y", "n"),
            from: name(plugin)
        )
        switch TerminalPrompt.line(prompt.text)?.lowercased() {
        case "y", "yes": return true
        case "n", "no": return false
        case nil, _?: throw PluginCancellation()
        }
    }

    func askPublic(_ prompt: String, of plugin: String) throws -> [UInt8]? {
        guard TerminalPrompt.isThere else { return nil }
        let prompt = PluginPrompt(prompt, from: name(plugin))
        guard let line = TerminalPrompt.line(prompt.text) else { throw PluginCancellation() }
        return Array(line.utf8).filter { $0 >= 0x20 && $0 != 0x7f }
    }

    func askSecret(_ prompt: String, of plugin: String) throws -> Passphrase? {
        guard TerminalPrompt.isThere else { return nil }
        let prompt = PluginPrompt(prompt, from: name(plugin))
        do {
            return try PassphraseSource.line(TerminalPrompt.secretLine(prompt.text))
        } catch is CommandError { throw PluginCancellation() }
    }

    private func name(_ plugin: String) -> String { "plugin \(plugin)" }
}
