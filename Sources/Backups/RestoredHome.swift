internal import DurableFiles
internal import Keystore

/// A home that is being restored, beside its place until it is whole.
struct RestoredHome {
    let path: String

    init(beside home: Home) throws {
        path = "\(home.path).restoring-\(UInt32.random(in: 0...UInt32.max))"
        try DurableFile.makeFolder(path)
    }

    /// What the backup says of itself, compared with what is in it.
    func verified() throws -> BackupManifest {
        let place = "\(path)/\(BackupManifest.name)"
        let bytes = try DurableFile.read(place, limit: BackupManifest.largestByteCount)
        let manifest = try BackupManifest(bytes)
        try DurableFile.remove(place)
        let keystore = try Keystore(home: Home(path: path))
        let records = try keystore.records()
        guard records.map(BackupManifest.item) == manifest.identities else {
            throw BackupError.differs("it holds other identities than the list names")
        }
        for record in records {
            try keystore.requireSealed(record)
            // What opens without a passphrase is opened; the rest is proven by its first use.
            guard try !keystore.needsPassphrase(record) else { continue }
            _ = try keystore.unlock(record, passphrase: nil)
        }
        return manifest
    }

    /// Takes the place of a home that holds nothing but empty folders and locks.
    func move(to home: Home) throws {
        if DurableFile.exists(home.path) {
            for name in try DurableFile.names(in: home.path, withHidden: true) {
                try DurableFile.removeEmpty("\(home.path)/\(name)")
            }
        }
        try DurableFile.move(path, to: home.path)
    }

    func discard() { DurableFile.removeTree(path) }
}
