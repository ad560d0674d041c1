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
    /// The failure that it tells of, if it does.
    private let failure: (any ReportableError)?

    private enum CodingKeys: CodingKey { case code, name, message, hint }

    init(_ code: String, name: String? = nil, _ message: String, hint: String?) {
        self.code = code
        self.name = name
        self.message = message
        self.hint = hint
        failure = nil
    }

    /// A failure, told among other findings.
    public init(_ error: any ReportableError, name: String? = nil) {
        self.init(error, name: name, hint: error.hint)
    }

    private init(_ error: any ReportableError, name: String?, hint: String?) {
        code = error.codeName
        self.name = name
        message = error.message
        self.hint = hint
        failure = error
    }

    /// Returns the finding with the hint that a program has for its failure.
    public func hinted(by hint: (any ReportableError) -> String?) -> Finding {
        failure.map { Finding($0, name: name, hint: hint($0)) } ?? self
    }
}
