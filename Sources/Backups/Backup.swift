public import AgeFiles
internal import CryptoCore
public import DurableFiles
public import KeyFormats
public import Keystore

/// Writes a home into one encrypted file, and restores it.
///
/// The file is a tar archive in the age format; its first entry is the manifest.
public enum Backup {
    /// The largest file of a home in a backup, in bytes.
    private static let largestFileByteCount = 1 << 30

    /// The content of a backup, and what it leaves out.
    public struct Content {
        /// The manifest, with all identities of the backup.
        public let manifest: BackupManifest
        /// Names of files in the home that are not keyctl's.
        public let skipped: [String]
        /// The private keys that other providers keep, so that the backup does not hold them.
        public internal(set) var keysElsewhere: [KeyElsewhere] = []
    }

    /// A private key that another provider keeps.
    public struct KeyElsewhere {
        /// The identity.
        public let name: KeyName
        /// The number of the version.
        public let version: Int
        /// The id of the provider.
        public let provider: String
    }

    /// Writes the archive, with the home's lock, so that nothing changes meanwhile; `output` is not
    /// committed.
    ///
    /// Throws `BackupError` if an identity is incomplete.
    public static func write(
        _ keystore: Keystore,
        to output: OutputFile,
        for recipient: any AgeRecipient
    ) throws -> Content {
        let lock = try keystore.home.lock()
        let records = try keystore.records()
        let manifest = BackupManifest(records, at: .now)
        let inventory = try HomeInventory(keystore.home)
        let names = Set(inventory.files.map(\.name))
        var keysElsewhere: [KeyElsewhere] = []
        for record in records {
            try keystore.requireSealed(record)
            let folder = "identities/\(record.name)/"
            guard names.contains(folder + "identity"),
                names.contains(where: { $0.hasPrefix(folder + "sealed.") })
            else { throw BackupError.differs("the keys of \"\(record.name)\" were not found") }
            for (version, place) in record.keysElsewhere {
                keysElsewhere.append(
                    KeyElsewhere(name: record.name, version: version, provider: place.provider)
                )
            }
        }
        let source = TarSource(
            head: (BackupManifest.name, manifest.encoded),
            files: inventory.files,
            limit: largestFileByteCount
        )
        try AgeFile.encrypt(source, to: output, for: [recipient])
        _ = consume lock
        return Content(
            manifest: manifest,
            skipped: inventory.skipped,
            keysElsewhere: keysElsewhere
        )
    }

    /// Throws `BackupError` if a restore would replace keys.
    public static func requireEmpty(_ home: Home) throws {
        guard DurableFile.exists(home.path) else { return }
        for name in try DurableFile.names(in: home.path, withHidden: true) {
            let inner = "\(home.path)/\(name)"
            if let below = try? DurableFile.names(in: inner, withHidden: true), below.isEmpty {
                continue
            }
            guard name == "lock" || name == "audit.log.lock" else {
                throw BackupError.notEmpty(home.path)
            }
        }
    }

    /// Restores a backup into a home without keys: all of it, or nothing.
    ///
    /// Throws `BackupError` if the key does not open the file, or if the content does not match the
    /// manifest.
    public static func restore(
        _ reader: AgeReader,
        with key: BackupKey,
        to home: Home
    ) throws -> BackupManifest {
        guard let opening = try reader.open([key.identity()]) else { throw key.refusal }
        let restored = try RestoredHome(beside: home)
        do {
            let sink = TarSink(folder: restored.path, limit: largestFileByteCount) { name in
                try name == BackupManifest.name || HomeInventory.restores(name)
            }
            try reader.decrypt(opening.fileKey.bytes, to: sink)
            guard sink.isEnded, sink.names.first == BackupManifest.name else {
                throw BackupError.damaged
            }
            let manifest = try restored.verified()
            try restored.move(to: home)
            return manifest
        } catch {
            restored.discard()
            throw error
        }
    }
}
