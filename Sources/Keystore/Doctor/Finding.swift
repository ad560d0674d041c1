public import Failures

/// Something that is wrong with what is stored, with what to do about it.
public struct Finding: Encodable, Sendable {
    /// A stable name for programs, such as `stray-private-key`.
    public let code: String
    /// The identity that it concerns, where it concerns one.
    public let name: String?
    /// What is wrong.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?

    init(_ code: String, name: String? = nil, _ message: String, hint: String?) {
        self.code = code
        self.name = name
        self.message = message
        self.hint = hint
    }

    /// A failure, told among other findings.
    public init(_ error: any ReportableError, name: String? = nil) {
        self.init(error.codeName, name: name, error.message, hint: error.hint)
    }
}
