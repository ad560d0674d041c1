/// Text from elsewhere, made safe to print: control characters never reach a terminal.
public enum Printable {
    /// `text` with every control and format character replaced, at most `limit` characters.
    ///
    /// Line breaks go too, so a name or a message can never forge a line of output.
    public static func text(_ text: some StringProtocol, limit: Int = .max) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            result.append(isSafe(scalar) ? scalar : "\u{FFFD}")
        }
        return String(result)
    }

    /// `text` as one word of a shell's command, whatever is in it.
    public static func shellWord(_ text: some StringProtocol) -> String {
        "'"
            + Printable.text(text).split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        // Joiners belong to emoji and to several scripts; the other format characters
        // include those that reverse the direction of a line.
        case .format: scalar == "\u{200D}" || scalar == "\u{200C}"
        default: true
        }
    }
}
