public import Failures

extension CommandError {
    /// Whether a passphrase was given that is empty: files of other programs may have such a one.
    public var isEmptyPassphrase: Bool { message == CommandError.emptyPassphrase.message }
}
