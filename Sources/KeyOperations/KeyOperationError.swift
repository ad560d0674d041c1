internal import Failures
public import CryptoCore

/// A private key that was asked for something that it cannot do.
public struct KeyOperationError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The key does not offer the operation.
        case unsupported = "unsupported-key-operation"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
    public var codeName: String { code.rawValue }

    static func unsupported(_ operation: KeyOperation) -> KeyOperationError {
        KeyOperationError(
            code: .unsupported,
            message: "the private key does not offer the operation \(operation)",
            hint: nil
        )
    }
}
