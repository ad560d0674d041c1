public import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// Reading sealed files, comparing them with their identity, and opening them.
extension Keystore {
    func readSealed(_ record: IdentityRecord) throws -> SealedFile {
        let path = sealedPath(record.name, record.sealedNumber)
        guard DurableFile.exists(path) else {
            guard try self.record(record.name).sealedNumber == record.sealedNumber else {
                throw KeystoreError.changedMeanwhile(record.name)
            }
            throw KeystoreError.missing(path)
        }
        try DurableFile.requirePrivate(path)
        let bytes = try DurableFile.read(path, limit: SealedFile.largestByteCount)
        let sealed = try SealedFile(bytes, path: path)
        guard sealed.id == record.identity.id,
            Set(sealed.versions.map(\.number)).isSubset(of: record.keyVersions)
        else { throw KeystoreError.ofAnotherIdentity(path) }
        guard sealed.lock.derivation?.parameters.isReadable != false else {
            throw KeystoreError.costlyDerivation(path)
        }
        return sealed
    }

    /// Checks that the sealed file is there, complete and private, and holds the right keys.
    ///
    /// Throws `KeystoreError` or `FileError` if it does not.
    public func requireSealed(_ record: IdentityRecord) throws {
        let sealed = try readSealed(record)
        for version in record.identity.versions where record.place(of: version.number) == .sealed {
            guard let held = sealed.versions.first(where: { $0.number == version.number }) else {
                // Versions before an identity's first version here may have been another person's.
                guard record.destroyed[version.number] == nil, version.state == .active else {
                    continue
                }
                throw KeystoreError.damaged(
                    sealedPath(record.name, record.sealedNumber),
                    "it does not hold the key of version \(version.number)"
                )
            }
            guard held.fingerprint == version.fingerprint else {
                throw KeystoreError.damaged(
                    sealedPath(record.name, record.sealedNumber),
                    "its key of version \(version.number) is not the registered one"
                )
            }
        }
    }

    /// Opens an identity with what `unlocker` gives, where it needs a passphrase at all.
    ///
    /// Wrong passphrases are asked for again, as often as the unlocker allows. A failure changes
    /// nothing.
    public func unlock(
        _ record: IdentityRecord,
        with unlocker: any KeyUnlocker
    ) throws -> UnlockedIdentity {
        guard try needsPassphrase(record) else { return try unlock(record, passphrase: nil) }
        var triesLeft = unlocker.tryCount
        while true {
            triesLeft -= 1
            let passphrase = try unlocker.passphrase(prompt: "Passphrase for \(record.name)")
            do { return try unlock(record, passphrase: passphrase) } catch let error
                as KeystoreError where error.code == .wrongPassphrase && triesLeft > 0
            { unlocker.noteWrongPassphrase(error) }
        }
    }

    /// Opens an identity with a passphrase that is at hand; a failure changes nothing.
    public func unlock(
        _ record: IdentityRecord,
        passphrase: Passphrase?
    ) throws -> UnlockedIdentity {
        try audit.entering("unlock", record.name) { try opened(record, passphrase) }
    }

    private func opened(
        _ record: IdentityRecord,
        _ passphrase: Passphrase?
    ) throws -> UnlockedIdentity {
        let path = sealedPath(record.name, record.sealedNumber)
        let sealed = try readSealed(record)
        switch try sealed.lock.open(passphrase, id: sealed.id) {
        case .wrongPassphrase: throw KeystoreError.wrongPassphrase(record.name, path: path)
        case .damaged: throw KeystoreError.damaged(path, "its header was changed")
        case .dataKey(let dataKey): return try open(record, sealed, dataKey)
        }
    }

    /// Opens the present state of an identity that was unlocked before.
    ///
    /// After `rotate` in another process this needs no passphrase. After `passwd` it throws
    /// `KeystoreError`, as the data key is another one.
    public func reopen(_ unlocked: UnlockedIdentity) throws -> UnlockedIdentity {
        let record = try record(unlocked.record.name)
        return try open(
            record,
            readSealed(record),
            unlocked.dataKey.copy()
        )
    }

    private func open(
        _ record: IdentityRecord,
        _ sealed: SealedFile,
        _ dataKey: consuming SecretBytes
    ) throws -> UnlockedIdentity {
        let opened: [(number: Int, key: RSAPrivateKey)]
        do { opened = try sealed.keys(dataKey: dataKey) } catch {
            throw KeystoreError.damaged(
                sealedPath(record.name, record.sealedNumber),
                "its header or body was changed"
            )
        }
        return UnlockedIdentity(
            record: record,
            lock: sealed.lock,
            dataKey: dataKey,
            sealed: Dictionary(opened.map { ($0.number, $0.key) }, uniquingKeysWith: { $1 }),
            providers: providers,
            audit: audit
        )
    }
}
