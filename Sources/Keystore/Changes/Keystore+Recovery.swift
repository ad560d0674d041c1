internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// Recovery after a crash: the next opening of the keystore finishes a change whose identity file
/// was written.
extension Keystore {
    /// Returns the statements of the user's own identity that the registry does not have yet.
    ///
    /// Throws `RegistryError` if the registry refuses one of them.
    func missing(_ record: IdentityRecord) throws(RegistryError) -> [Statement] {
        guard !record.isPending else { return [] }
        let history = missingHistory(record)
        var state = registry.state
        for statement in history { try state.apply(statement) }
        // A key's own revocation applies to every place where the registry has that key.
        return history + state.newRevocations(in: record.chain)
    }

    private func missingHistory(_ record: IdentityRecord) -> [Statement] {
        let role = Statement(
            .assign(name: record.name, role: .server),
            time: record.registration.time
        )
        guard let known = registry.state.identity(record.name) else {
            guard case .register = record.registration.act else { return [] }
            return [record.registration] + (record.isServer ? [role] : []) + record.chain
        }
        guard !known.isRemoved, known.id == record.identity.id else {
            // Either a crash kept the replacement out of the registry, or a later key took the
            // name.
            let own = record.identity.versions[0].keyDER
            guard case .replace = record.registration.act,
                !known.former.contains(where: { $0.keyDER == own })
            else { return [] }
            return [record.registration] + record.chain
        }
        // Without the role, the server would count as a member, and get the room's keys.
        let missingRole = record.isServer && known.role != .server ? [role] : []
        guard known.chainHead != record.identity.chainHead else { return missingRole }
        return missingRole + ((try? registry.state.statementsToFollow(record.chain)) ?? [])
    }

    /// Returns the paths of sealed files that no longer count: a crash left them, and an old
    /// passphrase may open them.
    ///
    /// A file's name is no proof that we made it. The file must also hold this identity's keys.
    private func leftovers(_ record: IdentityRecord) -> [String] {
        let folder = folderPath(record.name)
        // If the folder cannot be listed, reading its sealed file reports that.
        return ((try? DurableFile.names(in: folder)) ?? [])
            .filter {
                (SealedFile.number(fileName: $0) ?? record.sealedNumber) != record.sealedNumber
            }
            .map { "\(folder)/\($0)" }
            .filter { path in
                let bytes = try? DurableFile.read(path, limit: SealedFile.largestByteCount)
                return bytes.flatMap { try? SealedFile($0, path: path).id } == record.identity.id
            }
    }

    /// Returns whether a file has the name of a sealed file: `sealed.<number>`.
    public static func isSealedFile(name: String) -> Bool {
        SealedFile.number(fileName: name) != nil
    }

    /// Returns whether a crash left something unfinished: statements, sealed files or the public
    /// key file.
    func isUnfinished(_ record: IdentityRecord) throws -> Bool {
        try !missing(record).isEmpty || !leftovers(record).isEmpty || isPublicKeyFileOld(record)
    }

    /// Returns whether the public key file that is handed out shows a key with a successor.
    private func isPublicKeyFileOld(_ record: IdentityRecord) -> Bool {
        let path = home.publicKeyPath(record.name)
        // Any other content belongs to the user and stays.
        guard let shown = try? DurableFile.read(path, limit: 64 << 10),
            shown != PEM.publicKey(record.identity.latest.keyDER)
        else { return false }
        let former = registry.state.identity(record.name)?.former ?? []
        let earlier = former + record.identity.versions.dropLast()
        return earlier.contains { PEM.publicKey($0.keyDER) == shown }
    }

    func renewPublicKeyFile(_ record: IdentityRecord) throws {
        guard isPublicKeyFileOld(record) else { return }
        try DurableFile.replace(
            home.publicKeyPath(record.name),
            with: PEM.publicKey(record.identity.latest.keyDER).borrowedBytes,
            mode: DurableFile.publicMode
        )
    }

    func removeLeftovers(_ record: IdentityRecord) throws {
        for path in leftovers(record) { try DurableFile.remove(path) }
    }
}
