internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import KeyFormats
internal import Registry

/// The folders of a home's identities, each judged by itself.
extension Keystore {
    /// The identities as their files say.
    func storedRecords() throws -> [IdentityRecord] { try storedIdentities().records }

    /// The identities as their files say, and what is left aside: no folder disables another.
    func storedIdentities() throws -> (records: [IdentityRecord], aside: [LeftAside]) {
        var records: [IdentityRecord] = []
        var aside: [LeftAside] = []
        guard home.exists else { return ([], []) }
        for folder in try DurableFile.names(in: home.identitiesPath) {
            let path = "\(home.identitiesPath)/\(folder)"
            guard let name = try? KeyName(folder) else {
                let error = KeystoreError.foreignFolder(path)
                aside.append(LeftAside(name: nil, path: path, error: error))
                continue
            }
            do {
                guard let record = try storedRecord(name) else {
                    throw KeystoreError.foreignFolder(path)
                }
                records.append(record)
            } catch let error as any ReportableError {
                let isForeign = (error as? KeystoreError)?.code == .foreign
                aside.append(LeftAside(name: isForeign ? nil : name, path: path, error: error))
            }
        }
        return (records, aside)
    }

    /// Reads the identity in the folder of a name; `nil` where nothing of an identity is there.
    ///
    /// Throws where an identity is there and cannot be used: a file is missing or cannot be read,
    /// the folder holds another identity, or the registry refuses it.
    func storedRecord(_ name: KeyName) throws -> IdentityRecord? {
        let folder = folderPath(name)
        let path = identityPath(name)
        guard try DurableFile.isThere(path) else {
            guard try DurableFile.isThere(folder + "/."),
                try DurableFile.names(in: folder).contains(where: Keystore.isSealedFile)
            else { return nil }
            throw KeystoreError.missing(path)
        }
        try DurableFile.requirePrivate(path)
        let record = try IdentityRecord(
            DurableFile.read(path, limit: IdentityRecord.largestByteCount),
            path: path
        )
        guard record.name == name else {
            // Where the true folder is gone, this one may be it, under another name.
            throw DurableFile.exists(folderPath(record.name))
                ? KeystoreError.otherIdentity(folder, holds: record.name)
                : KeystoreError.movedIdentity(folder, holds: record.name)
        }
        do { _ = try missing(record) } catch {
            throw KeystoreError.refusedByRegistry(folder, error)
        }
        return record
    }
}
