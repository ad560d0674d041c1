internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import KeyFormats
internal import Registry

/// Reading the folders of a home's identities; a fault in one folder does not affect the others.
extension Keystore {
    /// Returns the identities as their files give them, without those that cannot be used.
    func storedRecords() throws -> [IdentityRecord] { try storedIdentities().records }

    /// Returns the usable identities, and the folders that are left aside because of a fault.
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

    /// Reads the identity in a name's folder; returns `nil` if the folder holds no identity.
    ///
    /// Throws if an identity is there and cannot be used: a file is missing or cannot be read, the
    /// folder holds another identity, or the registry refuses it.
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
            // If no folder has the right name, this folder may be the renamed one.
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
