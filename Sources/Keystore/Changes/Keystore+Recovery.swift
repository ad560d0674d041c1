internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// What a crash kept from following an identity's file, and how the next opening makes up for it.
extension Keystore {
    /// What the registry does not know yet of one's own identity.
    func missing(_ record: IdentityRecord) throws(RegistryError) -> [Statement] {
        guard !record.isPending else { return [] }
        let history = missingHistory(record)
        var state = registry.state
        for statement in history { try state.apply(statement) }
        // A key's own word goes wherever the registry has that key.
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
            // A replacement that a crash kept from the registry; one that came later counts.
            let own = record.identity.versions[0].keyDER
            guard case .replace = record.registration.act,
                !known.former.contains(where: { $0.keyDER == own })
            else { return [] }
            return [record.registration] + record.chain
        }
        // A server that were an ordinary member would be sent the room's keys.
        let missingRole = record.isServer && known.role != .server ? [role] : []
        guard known.chainHead != record.identity.chainHead else { return missingRole }
        return missingRole + ((try? registry.state.statementsToFollow(record.chain)) ?? [])
    }

    /// Sealed files that no longer count, left by a crash: they may open with an old passphrase.
    ///
    /// A name alone is no proof that we made a file: it must hold this identity's keys, too.
    private func leftovers(_ record: IdentityRecord) -> [String] {
        let folder = folderPath(record.name)
        // A folder that cannot be listed is reported when its sealed file is read.
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

    /// Whether a file in an identity's folder is called as its sealed files are.
    public static func isSealedFile(name: String) -> Bool {
        SealedFile.number(fileName: name) != nil
    }

    /// Whether a crash kept something from following the identity's file.
    func isUnfinished(_ record: IdentityRecord) throws -> Bool {
        try !missing(record).isEmpty || !leftovers(record).isEmpty || isPublicKeyFileOld(record)
    }

    /// Whether the file that is handed out shows a key whose place another has taken.
    private func isPublicKeyFileOld(_ record: IdentityRecord) -> Bool {
        let path = home.publicKeyPath(record.name)
        // Whatever else lies there is its owner's.
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
