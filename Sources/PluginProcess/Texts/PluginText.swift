internal import KeyFormats

/// The texts of a program that is not ours, made safe to show.
public enum PluginText {
    /// Longest text in a prompt.
    public static let largestPromptCharacterCount = 200
    private static let largestReasonCharacterCount = 500
    /// Characters that are shown as nothing, or as space, and do not count as white space: the empty
    /// Braille pattern and the fillers of Hangul.
    private static let blanks: Set<UInt32> = [0x2800, 0x115F, 0x1160, 0x3164, 0xFFA0]

    /// A text in one line, without control characters and runs of white space, and not too long;
    /// empty where nothing of it could be seen.
    public static func line(_ text: String, limit: Int = largestPromptCharacterCount) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            let shown = line.unicodeScalars.filter { scalar in
                isBlank(scalar) || scalar.properties.generalCategory != .control
            }
            return shown.split(whereSeparator: isBlank)
                .map { String(String.UnicodeScalarView($0)) }
                .joined(separator: " ")
        }
        let joined = lines.filter { !$0.isEmpty }.joined(separator: " / ")
        guard joined.unicodeScalars.count > limit else { return Printable.text(joined) }
        return Printable.text(joined, limit: limit - 1) + "…"
    }

    /// Why a plugin failed, in its own words.
    public static func reason(_ text: String) -> String {
        let line = line(text, limit: largestReasonCharacterCount)
        return line.isEmpty ? "it does not say why" : line
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || blanks.contains(scalar.value)
    }
}
