internal import Backups
internal import CryptoCore
internal import DurableFiles
internal import EncryptedFiles
internal import KeyFormats
internal import Keystore

/// What the commands read beside keys: backups, journals, files that may hold a private key.
enum HomeTargets {
    static let all = [archive, manifest, journal, marks]

    /// The archive of a backup.
    ///
    /// The checksums of its headers are computed here.
    private static let archive = FuzzTarget(
        "backup-archive",
        largestByteCount: 8192,
        seeds: archiveSeeds,
        decode: { bytes in
            try FuzzFolder.with { folder in
                let sink = TarSink(folder: folder + "/home", limit: 1 << 20)
                let archive = TarSeed.withSums(bytes)
                // In pieces that no boundary of the format falls together with.
                for start in stride(from: 0, to: archive.count, by: pieceByteCount) {
                    let end = min(start + pieceByteCount, archive.count)
                    try sink.write(Array(archive[start..<end]).borrowedBytes)
                }
                guard sink.isEnded else { return nil }
                return try sink.names.flatMap { name in
                    let path = "\(folder)/home/\(name)"
                    let isInside = try DurableFile.resolved(path) == path
                    try FuzzFault.require(isInside, "a name leads out of the folder")
                    return Array("\(name) \(try DurableFile.mode(of: path))\n".utf8)
                        + (try DurableFile.read(path, limit: bytes.count))
                }
            }
        }
    )

    private static let manifest = FuzzTarget(
        "backup-manifest",
        seeds: { world in
            let id = world.aliceKey.identityID
            let item = "identity alice \(id) 3 \(world.aliceKey.fingerprint)\n"
            let heading = "keyctl-backup v1\nmade \(FuzzWorld.start)\n"
            return ["\(heading)\(item)\(item)", heading].map { Array($0.utf8) }
        },
        decode: { bytes in
            let manifest = try BackupManifest(bytes)
            let again = try FuzzFault.need("a manifest that was written cannot be read") {
                try BackupManifest(manifest.encoded)
            }
            try FuzzFault.require(again == manifest, "a manifest reads back as another")
            return manifest.encoded
        }
    )

    private static let journal = FuzzTarget(
        "rewrap-journal",
        seeds: { _ in
            let heading = "keyctl-rewrap v1\nto alice,bob\ndrop \nfresh false\nheader-only true\n"
            let files = ["/tmp/a.age", "/tmp/b.age"].map { Base64.encode(Array($0.utf8)) }
            return [
                "\(heading)file \(files[0])\nfile \(files[1])\ndone \(files[0])\n", heading,
            ].map { Array($0.utf8) }
        },
        decode: { bytes in
            try FuzzFolder.with { folder in
                let home = Home(path: folder)
                try DurableFile.replace(home.rewrapJournalPath, with: bytes.borrowedBytes)
                var journal = try RewrapJournal(home: home)
                if let file = journal.files.first { try journal.finish(file) }
                let names = (journal.order.to + journal.order.drop).map(\.description)
                return Array((names + journal.files).joined(separator: "\n").utf8)
            }
        }
    )

    /// Whether a file may hold a private key.
    ///
    /// A scan asks this of every file in a folder.
    private static let marks = FuzzTarget(
        "private-key-marks",
        seeds: { _ in
            let pem = PEM.encode(
                try FuzzKeys.alice.pkcs1DERRepresentation().publicBytes,
                label: "RSA PRIVATE KEY"
            )
            let quoted = "key: \"" + pem.replacing("\n", with: "\\n") + "\""
            return [
                Array(pem.utf8), Array(quoted.utf8),
                try FuzzKeys.alice.pkcs8DERRepresentation().publicBytes,
                Array("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n".utf8),
            ]
        },
        decode: { PrivateKeyMarks.stand(in: $0.borrowedBytes) ? $0 : nil }
    )

    private static let pieceByteCount = 97

    @Sendable private static func archiveSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let manifest = Array("keyctl-backup v1\nmade \(FuzzWorld.start)\n".utf8)
        return try FuzzFolder.with { folder in
            let path = folder + "/sealed"
            try DurableFile.replace(path, with: [UInt8](repeating: 1, count: 700).borrowedBytes)
            let source = TarSource(
                head: (BackupManifest.name, manifest),
                files: [("identities/alice/sealed.1", path), ("audit.log", path)],
                limit: 1 << 20
            )
            let short = TarSource(head: (BackupManifest.name, []), files: [], limit: 1 << 20)
            return try [source, short].map(all)
        }
    }

    private static func all(of source: TarSource) throws -> [UInt8] {
        var content: [UInt8] = []
        var room = SecretBuffer(count: TarHeader.blockByteCount)
        while true {
            let count = try room.withMutableBytes(0..<room.count) { try source.read(into: &$0) }
            guard count > 0 else { return content }
            content += SecretBytes(copying: room.bytes.extracting(first: count)).publicBytes
        }
    }
}
