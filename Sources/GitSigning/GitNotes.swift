/// What setups wrote into git's configuration, as the variable `keyctl.setup` of the same file notes it.
///
/// The variable has one value, so that git replaces all notes at once: lines `wrote VARIABLE VALUE`
/// and `replaced VARIABLE VALUE`.
public struct GitNotes: Sendable, Equatable {
    /// The variable that holds the notes.
    public static let name = "keyctl.setup"
    private static let wrote = "wrote"
    private static let replacedWord = "replaced"

    /// The values that `keyctl git setup` wrote, by the name of git's variable.
    public internal(set) var written: [String: String] = [:]
    /// The values that it replaced, by the name of git's variable.
    public internal(set) var replaced: [String: String] = [:]

    /// No notes.
    public init() {}

    /// Reads a value; a line that is no note, or about a variable that no setup writes, is ignored.
    public init(_ value: String) {
        for line in value.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, GitSetup.names.contains(String(words[1])) else { continue }
            switch words[0] {
            case GitNotes.wrote: written[String(words[1])] = String(words[2])
            case GitNotes.replacedWord: replaced[String(words[1])] = String(words[2])
            default: continue
            }
        }
    }

    /// The value; `nil` if there are no notes.
    public var value: String? {
        let lines =
            written.map { "\(GitNotes.wrote) \($0) \($1)" }.sorted()
            + replaced.map { "\(GitNotes.replacedWord) \($0) \($1)" }.sorted()
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
