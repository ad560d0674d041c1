public import Failures

extension LocatedFailure {
    /// Creates the error about a key file; a path of `-` means standard input.
    public init(keyFile path: String, _ error: any ReportableError) {
        self.init(Printable.text(path == "-" ? "standard input" : path), error)
    }

    /// Whether nothing at all was recognized in the file.
    package var isUnrecognizedFile: Bool {
        (underlying as? KeyFormatError)?.isUnrecognized ?? false
    }
}
