/// Makes foreign text safe to print: control characters never reach a terminal.
public enum Printable {
    private static let replacement: Unicode.Scalar = "\u{FFFD}"
    private static let tab: Unicode.Scalar = "\t"
    private static let newline: Unicode.Scalar = "\n"

    /// Returns `text` with every control and format character replaced, at most `limit` characters.
    ///
    /// Line breaks are replaced, too. So a name or a message can never forge a line of output.
    public static func text(_ text: some StringProtocol, limit: Int = .max) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            result.append(isSafe(scalar) ? scalar : replacement)
        }
        return String(result)
    }

    /// Returns a message as lines.
    ///
    /// Harmless characters stay, all others are replaced.
    ///
    /// In addition to what `text` keeps, these stay: tabs, line breaks (each begins a new line of
    /// the result), direction marks, soft hyphens and word joiners, the number signs of Arabic and
    /// Syriac, and flags that consist of tag characters. Characters that reverse or isolate a part
    /// of a line are replaced. So are tag characters outside of a flag, because they hide text.
    public static func messageLines(_ text: some StringProtocol) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            index += 1
            switch scalar {
            case "\r" where next == newline: continue  // the line break follows
            case newline, "\r", "\u{2028}", "\u{2029}":
                lines.append(String(line))
                line = String.UnicodeScalarView()
            case TagFlag.base:
                line.append(scalar)
                let flag = TagFlag.tags(in: scalars[index...])
                line.append(contentsOf: flag)
                index += flag.count
            default:
                let isKept = scalar == tab || isSafe(scalar) || isHarmlessFormat(scalar)
                line.append(isKept ? scalar : replacement)
            }
        }
        return lines + [String(line)]
    }

    /// Returns `text` as one word for a shell's command line, whatever it contains.
    public static func shellWord(_ text: some StringProtocol) -> String {
        "'"
            + Printable.text(text).split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        // Joiners belong to emoji and to several scripts. Among the other format characters are
        // those that reverse the direction of a line.
        case .format: scalar == "\u{200D}" || scalar == "\u{200C}"
        default: true
        }
    }

    /// Returns whether a format character changes no other character's place.
    private static func isHarmlessFormat(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200E, 0x200F, 0x061C: true  // direction marks, as in Hebrew and Arabic
        case 0x00AD, 0x2060...0x2064: true  // soft hyphen, word joiner, invisible operators
        case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2: true  // visible signs
        default: false
        }
    }
}

/// A flag that consists of a black flag and tag characters, for example the flag of Scotland.
private enum TagFlag {
    static let base: Unicode.Scalar = "\u{1F3F4}"
    private static let end: Unicode.Scalar = "\u{E007F}"
    /// The largest number of letters in the code of a country and its part, for example `gbsct`.
    private static let largestCodeCount = 6

    /// Returns the tags of a flag at the start of `scalars`, with their end; empty if there is
    /// none.
    static func tags(in scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        let code = scalars.prefix(largestCodeCount + 1).prefix(while: isCode)
        guard (1...largestCodeCount).contains(code.count), code.endIndex < scalars.endIndex,
            scalars[code.endIndex] == end
        else { return [] }
        return scalars[code.startIndex...code.endIndex]
    }

    /// Returns whether a character is a tag digit or a small tag letter.
    private static func isCode(_ scalar: Unicode.Scalar) -> Bool {
        (0xE0030...0xE0039).contains(scalar.value) || (0xE0061...0xE007A).contains(scalar.value)
    }
}
