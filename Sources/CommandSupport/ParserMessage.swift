/// Turns the argument parser's text about a misuse into an error of ours.
enum ParserMessage {
    private static let longestUsage = 80

    /// Parses the text: `Error: …`, `Help: …`, `Usage: …`, `See '… --help' …`.
    static func error(_ text: String) -> CommandError {
        var message: [Substring] = []
        var usage: Substring?
        var help: Substring?
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Usage: ") {
                usage = line.dropFirst("Usage: ".count)
            } else if line.hasPrefix("  See '") {
                help = line.dropFirst("  See '".count).prefix { $0 != "'" }
            } else if usage == nil, !line.hasPrefix("Help: ") {
                message.append(line.hasPrefix("Error: ") ? line.dropFirst("Error: ".count) : line)
            }
        }
        let hint = [
            usage.flatMap { isTelling($0) ? "usage: \($0)" : nil },
            help.map { "see: \($0)" },
        ].compactMap(\.self).joined(separator: "; ")
        return CommandError.usage(
            sentence(message.joined(separator: " ")),
            hint: hint.isEmpty ? nil : hint
        )
    }

    /// Returns the text with a lower-case first letter and without a final period.
    private static func sentence(_ text: String) -> String {
        var words = text.split(separator: " ", omittingEmptySubsequences: false)
        if let first = words.first, first.dropFirst().allSatisfy(\.isLowercase) {
            words[0] = Substring(first.lowercased())
        }
        let joined = words.joined(separator: " ")
        return joined.hasSuffix(".") ? String(joined.dropLast()) : joined
    }

    /// Whether a usage fits one line and says more than that there are options.
    private static func isTelling(_ usage: Substring) -> Bool {
        usage.count <= longestUsage && usage.split(separator: " ").last != "<options>"
    }
}
