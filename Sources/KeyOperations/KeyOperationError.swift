public import Failures

/// The error of a private key that does not offer an operation.
public typealias KeyOperationError = Failure<KeyOperationErrorCode>

/// The kinds of failure of this target.
public enum KeyOperationErrorCode: String, FailureCode {
    /// The key does not offer the operation.
    case unsupported = "unsupported-key-operation"
}

extension KeyOperationError {
    static func unsupported(_ operation: KeyOperation) -> KeyOperationError {
        KeyOperationError(
            .unsupported,
            "the private key does not offer the operation \(operation)"
        )
    }
}
