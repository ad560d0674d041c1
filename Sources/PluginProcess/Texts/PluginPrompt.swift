/// A program's question as the user sees it.
///
/// Each text of the program has a line of its own, with a label. The line on which the user types is
/// ours, and names the program: however a terminal breaks a long text, it cannot look like a prompt of
/// this program.
public struct PluginPrompt {
    /// The lines with the program's texts.
    public let lines: [String]
    /// The lines, and the start of the one on which the user types.
    public let text: String

    /// A question for a text, or a message.
    ///
    /// `program` names the other program, for example `age-plugin-x`.
    public init(_ text: String, from program: String) {
        self.init([PluginPrompt.says(text, program)], "answer for \(program)")
    }

    /// A choice: the first answer means `yes`, and the second one `no`.
    ///
    /// Without `no`, each answer means `yes`.
    public init(
        _ text: String,
        yes: String,
        no: String?,
        answers: (yes: String, no: String) = ("1", "2"),
        from program: String
    ) {
        let first = PluginPrompt.says(text, program)
        if let no {
            let choices = [(answers.yes, yes), (answers.no, no)].map { answer, label in
                "\(program) says: \(answer) means \"\(PluginText.line(label))\""
            }
            let answer = "answer for \(program), \(answers.yes) or \(answers.no)"
            self.init([first] + choices, answer)
        } else {
            let choice = "\(program) says: Enter means \"\(PluginText.line(yes))\""
            self.init([first, choice], "answer for \(program), only Enter")
        }
    }

    private init(_ lines: [String], _ answer: String) {
        self.lines = lines
        text = (lines + ["\(answer): "]).joined(separator: "\n")
    }

    private static func says(_ text: String, _ program: String) -> String {
        let line = PluginText.line(text)
        return line.isEmpty ? "\(program) gives no text" : "\(program) says: \(line)"
    }
}
