public import DurableFiles

extension OutputFile {
    /// Gives the file its name, and warns where others can read what was to be private.
    ///
    /// Every command commits its outputs here, so that none is silent about it.
    public func commitAndWarn() throws(FileError) {
        try commit()
        guard let warning else { return }
        Report.warning(warning.message)
        if let hint = warning.hint { Report.hint(hint) }
    }
}
