/// The result of a command, printed as text or as JSON.
public protocol CommandResult: Encodable {
    /// Prints it as text.
    func printText()
}

extension GlobalOptions {
    /// Prints a result: as one JSON document with `--json`, otherwise as text.
    public func print(_ result: some CommandResult) throws {
        guard json else { return result.printText() }
        try Report.json(result)
    }
}
