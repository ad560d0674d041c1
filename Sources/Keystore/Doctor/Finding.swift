public import Failures

/// A fault in the stored data, with a hint about what the user can do.
public struct Finding: Encodable, Sendable {
    /// A stable name for programs, such as `stray-private-key`.
    public let code: String
    /// The identity of the fault; `nil` if it is about no single identity.
    public let name: String?
    /// The description of the fault.
    public let message: String
    /// The next step for the user; `nil` if there is none.
    public let hint: String?
    /// The failure that caused the finding; `nil` if there is none.
    private let failure: (any ReportableError)?

    private enum CodingKeys: CodingKey { case code, name, message, hint }

    init(_ code: String, name: String? = nil, _ message: String, hint: String?) {
        self.code = code
        self.name = name
        self.message = message
        self.hint = hint
        failure = nil
    }

    /// Creates a finding from a failure.
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
