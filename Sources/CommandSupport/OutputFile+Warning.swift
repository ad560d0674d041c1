public import DurableFiles

extension OutputFile {
    /// Commits the file, and prints a warning if other users can read a file that was to be
    /// private.
    ///
    /// Every command commits its outputs with this function. Throws `FileError` if committing
    /// fails.
    public func commitAndWarn() throws(FileError) {
        try commit()
        guard isReadableByOthers else { return }
        Report.warning("others can read \(name): its file system keeps no permissions")
        Report.hint(
            "move it to another file system; or mount this one so that only you can read it: "
                + "mount -o uid=$(id -u),umask=077"
        )
    }
}
