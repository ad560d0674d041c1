/// A failure with the name of the file that it is about.
public struct LocatedFailure: ReportableError {
    /// The failure itself.
    public let underlying: any ReportableError
    private let name: String

    /// Names the file, as it is to be printed.
    public init(_ name: String, _ error: any ReportableError) {
        self.name = name
        underlying = error
    }

    /// What went wrong, behind the file's name.
    public var message: String { "\(name): \(underlying.message)" }
    /// What to do next, where there is something to do.
    public var hint: String? { underlying.hint }
    /// The failure's own name for programs.
    public var codeName: String { underlying.codeName }
}
