internal import KeyFormats
internal import KeySync
internal import Registry

extension KeptFolders {
    /// Updates every folder, and prints a warning for each failure.
    ///
    /// The change of the registry is done, so a failure here does not fail the command.
    func updateAndWarn(_ state: RegistryState) {
        do {
            for (folder, error) in try update(state, at: .now) {
                Report.warning("\(folder.path) is not up to date: \(Report.message(of: error))")
                if let hint = Report.hint(of: error) { Report.hint(hint) }
            }
        } catch {
            Report.warning("the kept folders are not up to date: \(Report.message(of: error))")
        }
    }
}
