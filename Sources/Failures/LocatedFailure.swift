/// An error with the name of the file that it is about.
public struct LocatedFailure: ReportableError {
    /// The error without the name.
    public let underlying: any ReportableError
    private let name: String

    /// Adds the file's name to an error.
    public init(_ name: String, _ error: any ReportableError) {
        self.name = name
        underlying = error
    }

    /// The file's name and the message of the error.
    public var message: String { "\(name): \(underlying.message)" }
    /// The next step for the user; `nil` if there is none.
    public var hint: String? { underlying.hint }
    /// The stable name of the error, for programs.
    public var codeName: String { underlying.codeName }
}
