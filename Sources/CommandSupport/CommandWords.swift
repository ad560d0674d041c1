internal import ArgumentParser

/// Checks that the words before the first option name a command.
///
/// The parser's own message for this mistake would name a later word.
enum CommandWords {
    private static let largestDistance = 2

    /// Throws `CommandError` with the first word that is not a command.
    static func require(_ words: [String], in root: any ParsableCommand.Type) throws {
        var command = root
        for word in words {
            let configuration = command.configuration
            let below = configuration.subcommands
            guard !below.isEmpty, configuration.defaultSubcommand == nil else { return }
            let path = command == root ? "" : "\(name(command)) "
            if word.hasPrefix("-") {
                guard isOwn(word) else {
                    throw CommandError.usage(
                        "the option \"\(word)\" comes before the command; options must come after "
                            + "it",
                        hint: "write it as: \(name(root)) \(path)COMMAND \(word) …"
                    )
                }
                return
            }
            guard word != "help" else { return }
            guard let next = below.first(where: { names($0).contains(word) }) else {
                let near = nearest(word, among: below.flatMap(names))
                throw CommandError.usage(
                    "there is no command \"\(path)\(word)\"",
                    hint: near.map { "did you mean: \(name(root)) \(path)\($0)" }
                        ?? "see all commands: \(name(root)) \(path)--help"
                )
            }
            command = next
        }
    }

    /// Returns whether the first word is a command, an option, or `help`.
    static func isKnown(_ words: [String], in root: any ParsableCommand.Type) -> Bool {
        guard let first = words.first, !first.hasPrefix("-"), first != "help" else { return true }
        return root.configuration.subcommands.contains { names($0).contains(first) }
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    private static func names(_ command: any ParsableCommand.Type) -> [String] {
        [name(command)] + command.configuration.aliases
    }

    /// Returns whether the parser gives this option to every command.
    private static func isOwn(_ word: String) -> Bool {
        word == "-h" || word == "--version" || word == "--experimental-dump-help"
            || word.hasPrefix("--help") || word.hasPrefix("--generate-completion-script")
    }

    private static func nearest(_ word: String, among names: [String]) -> String? {
        let ranked = names.map { (distance(word, $0), $0) }.min { $0 < $1 }
        guard let ranked, ranked.0 <= largestDistance, ranked.0 < word.count else { return nil }
        return ranked.1
    }

    /// Returns how many letters are changed, added, left out or swapped with the next.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (left, right) = (Array(first.utf8.prefix(64)), Array(second.utf8.prefix(64)))
        var rows = [Array(0...right.count)]
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
