public import DurableFiles

extension OutputFile {
    /// Commits the file, and prints a warning if other users can read a file that was to be
    /// private.
    ///
    /// Every command commits its outputs with this function. Throws `FileError` if committing
    /// fails.
    public func commitAndWarn() throws(FileError) {
        try commit()
        guard let warning else { return }
        Report.warning(warning.message)
        if let hint = warning.hint { Report.hint(hint) }
    }
}
