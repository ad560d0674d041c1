/// What setups wrote into git's configuration, as the section `keyctl` of the same file notes it.
///
/// Each note is a value `VARIABLE VALUE` of the variable `keyctl.wrote` or `keyctl.replaced`.
public struct GitNotes: Sendable, Equatable {
    /// The values that `keyctl git setup` wrote, by the name of git's variable.
    public internal(set) var written: [String: String]
    /// The values that it replaced, by the name of git's variable.
    public internal(set) var replaced: [String: String]

    /// No notes.
    public init() {
        written = [:]
        replaced = [:]
    }

    /// Reads the values of both variables; a value that is no note, or about a variable that no
    /// setup writes, is ignored.
    public init(written: [String], replaced: [String]) {
        self.written = GitNotes.read(written)
        self.replaced = GitNotes.read(replaced)
    }

    /// The values of `keyctl.wrote`, sorted.
    public var writtenValues: [String] { written.map { "\($0) \($1)" }.sorted() }
    /// The values of `keyctl.replaced`, sorted.
    public var replacedValues: [String] { replaced.map { "\($0) \($1)" }.sorted() }

    private static func read(_ values: [String]) -> [String: String] {
        var notes: [String: String] = [:]
        for value in values {
            let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, GitSetup.names.contains(String(parts[0])) else { continue }
            notes[String(parts[0])] = String(parts[1])
        }
        return notes
    }
}
