internal import KeyFormats

/// What a plugin says, made safe to show.
enum PluginText {
    private static let largestCharacterCount = 500

    /// A text in one line, without control characters, and not too long.
    static func line(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isNewline).map { part in
            let visible = part.unicodeScalars.filter { $0.properties.generalCategory != .control }
            return String(String.UnicodeScalarView(visible))
        }
        let joined = words.filter { !$0.isEmpty }.joined(separator: " / ")
        let shown = Printable.text(joined, limit: largestCharacterCount)
        guard !shown.isEmpty else { return "it does not say why" }
        return joined.unicodeScalars.count > largestCharacterCount ? shown + "…" : shown
    }
}
