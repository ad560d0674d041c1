internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// Writing changes to disk, in an order in which a crash at any point leaves the old or the new
/// state.
extension Keystore {
    /// Writes a new identity's folder as a draft, renames it to its final name when both files are
    /// in it, then appends its registration to the registry.
    mutating func commitNew(
        _ record: IdentityRecord,
        _ sealed: SealedFile,
        judged: [Statement]
    ) throws {
        try removeNewDraft()
        let draft = newDraftPath
        try DurableFile.makeFolder(draft)
        try DurableFile.replace(draft + "/sealed.1", with: sealed.encoded.borrowedBytes)
        try DurableFile.replace(draft + "/identity", with: record.encoded.borrowedBytes)
        try DurableFile.move(draft, to: "\(home.identitiesPath)/\(record.name)")
        try append(judged)
        try append(missing(record))
    }

    /// Returns a path below `replaced/` that does not exist yet, for an identity that is replaced.
    func replacedPath(_ name: KeyName) -> String {
        let time = Timestamp.now.seconds
        // No name contains a plus sign, so this folder is never taken for the folder of another
        // identity.
        var kept = "\(home.replacedPath)/\(name)+\(time)"
        var suffix = 1
        while DurableFile.exists(kept) {
            suffix += 1
            kept = "\(home.replacedPath)/\(name)+\(time)-\(suffix)"
        }
        return kept
    }

    /// Copies the files of an identity that is about to be replaced to a folder in `replaced/`.
    ///
    /// Returns the number of the next sealed file of the name.
    func keepReplaced(_ name: KeyName) throws -> Int {
        let folder = "\(home.identitiesPath)/\(name)"
        guard DurableFile.exists(folder) else { return 1 }
        let files = try DurableFile.names(in: folder)
        let number = (files.compactMap(SealedFile.number).max() ?? 0) + 1
        try IdentityRecord.require(sealedNumber: number, of: name)
        let kept = replacedPath(name)
        try DurableFile.makeFolder(kept)
        for file in files where file == "identity" || SealedFile.number(fileName: file) != nil {
            try DurableFile.copy(
                "\(folder)/\(file)",
                to: "\(kept)/\(file)",
                limit: max(IdentityRecord.largestByteCount, SealedFile.largestByteCount)
            )
        }
        return number
    }

    /// Commits a change of the private keys: writes the sealed file, then renames the identity
    /// file, which is the commit point.
    ///
    /// `judged` are statements that the registry has checked already; they are appended first.
    mutating func commit(
        _ record: IdentityRecord,
        _ sealed: SealedFile,
        judged: [Statement] = []
    ) throws {
        let path = sealedPath(record.name, record.sealedNumber)
        try DurableFile.replace(path, with: sealed.encoded.borrowedBytes)
        try write(record)
        try append(judged)
        try append(missing(record))
        try removeLeftovers(record)
    }

    /// Commits a change that leaves the private keys as they are.
    mutating func commit(_ record: IdentityRecord) throws {
        try write(record)
        try append(missing(record))
    }

    /// Replaces the file `identity`: the commit point.
    ///
    /// If a crash follows, the next opening appends the missing statements to the registry.
    func write(_ record: IdentityRecord) throws {
        try DurableFile.replace(identityPath(record.name), with: record.encoded.borrowedBytes)
    }

    /// Returns the versions whose private keys are in the sealed file.
    func sealedVersions(_ record: IdentityRecord) throws -> [Int] {
        try readSealed(record).versions.map(\.number)
    }
}
