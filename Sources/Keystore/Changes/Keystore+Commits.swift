internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// What reaches the disk, in an order in which a crash at any line leaves the old state or the new one.
extension Keystore {
    /// Makes a new identity's folder appear under its name only when both files are in it; then
    /// registers it.
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

    /// Where what was under a name is kept: never a folder that is there.
    func replacedPath(_ name: KeyName) -> String {
        let time = Timestamp.now.seconds
        // No name has a plus sign: "alice-2" is never taken for something of alice's.
        var kept = "\(home.replacedPath)/\(name)+\(time)"
        var suffix = 1
        while DurableFile.exists(kept) {
            suffix += 1
            kept = "\(home.replacedPath)/\(name)+\(time)-\(suffix)"
        }
        return kept
    }

    /// Keeps what is about to be replaced in a folder of its own, and tells which number the next
    /// sealed file of the name has.
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

    /// The new sealed file first, then the identity file, whose renaming is the commit.
    ///
    /// `judged` is what the registry is told of it first.
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

    /// A change that leaves the private keys alone.
    mutating func commit(_ record: IdentityRecord) throws {
        try write(record)
        try append(missing(record))
    }

    /// The commit point; what the registry lacks after it, is appended at the next opening.
    func write(_ record: IdentityRecord) throws {
        try DurableFile.replace(identityPath(record.name), with: record.encoded.borrowedBytes)
    }

    /// The versions whose private keys the sealed file holds.
    func sealedVersions(_ record: IdentityRecord) throws -> [Int] {
        try readSealed(record).versions.map(\.number)
    }
}
