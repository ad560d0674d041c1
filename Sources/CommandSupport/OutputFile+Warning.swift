public import DurableFiles

extension OutputFile {
    /// Gives the file its name, and warns where others can read what was to be private.
    ///
    /// Every command commits its outputs here, so that none is silent about it.
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
