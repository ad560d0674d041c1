internal import DurableFiles
internal import Keystore

/// A home that is restored into a folder beside its place, until it is complete.
struct RestoredHome {
    let path: String

    init(beside home: Home) throws {
        path = "\(home.path).restoring-\(UInt32.random(in: 0...UInt32.max))"
        try DurableFile.makeFolder(path)
    }

    /// Returns the manifest, after it was compared with the restored identities.
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
            // Keys without a passphrase are opened here. The others are checked at their first use.
            guard try !keystore.needsPassphrase(record) else { continue }
            _ = try keystore.unlock(record, passphrase: nil)
        }
        return manifest
    }

    /// Moves the restored home to its place, where only empty folders and locks may be.
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
