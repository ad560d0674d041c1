internal import DurableFiles

extension Home {
    /// Files and folders of the home that others may read or change, without opening any of them.
    public func looseFiles() -> [Finding] {
        guard DurableFile.exists(path), let found = try? DurableFile.files(below: path) else {
            return []
        }
        var findings = found.failures.map { Finding($0) }
        for file in found.files {
            let name = file.split(separator: "/").last.map(String.init) ?? ""
            // A draft that a crash left is removed by the next change.
            let isHandedOut =
                name.hasSuffix(".pub")
                || name.hasSuffix(".txt") && name.firstRange(of: "+revocation-") == nil
            guard !DurableFile.isDraft(name), !isHandedOut else { continue }
            do throws(FileError) { try DurableFile.requirePrivate(file) } catch {
                findings.append(Finding(error))
            }
        }
        return findings
    }
}
