internal import KeyFormats
internal import KeySync
internal import Keystore
internal import Registry

extension KeptFolders {
    /// Updates the folders of a home that do not show all `lineCount` lines of its registry, and prints
    /// a warning for each failure.
    ///
    /// The change of the registry is done, so a failure here does not fail the command.
    static func follow(_ home: Home, lineCount: Int) {
        do {
            let failures = try KeptFolders(path: home.keptFoldersPath)
                .update(home: home.path, lineCount: lineCount) {
                    try Registry(path: home.registryPath, checkpointPath: home.checkpointPath)
                }
            for (folder, error) in failures {
                Report.warning("\(folder.path) is not up to date: \(Report.message(of: error))")
                if let hint = Report.hint(of: error) { Report.hint(hint) }
            }
        } catch {
            Report.warning("the kept folders are not up to date: \(Report.message(of: error))")
        }
    }
}
