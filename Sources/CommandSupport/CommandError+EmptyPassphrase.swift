public import Failures

extension CommandError {
    /// Whether the error says that an empty passphrase was given.
    ///
    /// Foreign files may have an empty one.
    public var isEmptyPassphrase: Bool { message == CommandError.emptyPassphrase.message }
}
