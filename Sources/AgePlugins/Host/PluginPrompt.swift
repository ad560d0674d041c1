internal import AgeFiles

/// A plugin's question as the user sees it.
///
/// Each text of the plugin has a line of its own, with a label. The line on which the user types is
/// ours, and names the plugin: however a terminal breaks a long text, it cannot look like a prompt of
/// this program.
struct PluginPrompt {
    /// The lines with the plugin's texts.
    let lines: [String]
    /// The lines, and the start of the one on which the user types.
    let text: String

    init(_ question: PluginQuestion, from plugin: AgePluginName) {
        let program = plugin.program
        var lines: [String] = []
        var answer = "answer for \(program)"
        switch question {
        case .message(let text), .publicText(let text), .secret(let text):
            lines.append(PluginPrompt.says(text, program))
        case .confirmation(let text, let yes, let no):
            lines.append(PluginPrompt.says(text, program))
            guard let no else {
                lines.append("\(program) says: Enter means \"\(PluginText.line(yes))\"")
                answer += ", only Enter"
                break
            }
            lines.append("\(program) says: 1 means \"\(PluginText.line(yes))\"")
            lines.append("\(program) says: 2 means \"\(PluginText.line(no))\"")
            answer += ", 1 or 2"
        }
        self.lines = lines
        text = (lines + ["\(answer): "]).joined(separator: "\n")
    }

    private static func says(_ text: String, _ program: String) -> String {
        let line = PluginText.line(text)
        return line.isEmpty ? "\(program) gives no text" : "\(program) says: \(line)"
    }
}
