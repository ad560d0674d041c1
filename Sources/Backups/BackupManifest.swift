internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Keystore
internal import Registry

/// The first entry of a backup: the list of its identities, with which a restore is checked.
public struct BackupManifest: Equatable, Sendable {
    /// The name of the entry in the archive.
    public static let name = "keyctl-backup"
    private static let heading = FileHeading("keyctl-backup", version: 1)
    static let largestByteCount = 1 << 20

    /// An identity as it was when the backup was made.
    public struct Item: Equatable, Sendable {
        /// The name.
        public let name: String
        /// The identity's id, in hexadecimal.
        public let id: String
        /// The number of its latest version.
        public let version: Int
        /// The fingerprint of that version's key.
        public let fingerprint: String
    }

    /// The time at which the backup was made.
    public let made: String
    /// All identities of the backup.
    public let identities: [Item]

    /// Describes the identities of a keystore.
    public init(_ records: [IdentityRecord], at time: Timestamp) {
        made = time.description
        identities = records.map(BackupManifest.item)
    }

    static func item(_ record: IdentityRecord) -> Item {
        let latest = record.identity.latest
        return Item(
            name: record.name.description,
            id: record.identity.id.description,
            version: latest.number,
            fingerprint: latest.fingerprint?.description ?? "-"
        )
    }

    /// The bytes of the entry.
    public var encoded: [UInt8] {
        var text = "\(BackupManifest.heading)\nmade \(made)\n"
        for item in identities {
            text += "identity \(item.name) \(item.id) \(item.version) \(item.fingerprint)\n"
        }
        return Array(text.utf8)
    }

    /// Reads a manifest.
    ///
    /// Throws `BackupError` if it is damaged, and `FileError` if a newer version of the program
    /// wrote it.
    public init(_ bytes: [UInt8]) throws {
        try BackupManifest.heading.requireKnownVersion(bytes, path: "the backup")
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines[0] == BackupManifest.heading.description,
            lines[1].hasPrefix("made "),
            lines.last?.isEmpty == true
        else { throw BackupError.damaged }
        made = String(lines[1].dropFirst(5))
        var identities: [Item] = []
        for line in lines[2..<(lines.count - 1)] {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5, words[0] == "identity", let version = Int(words[3]) else {
                throw BackupError.damaged
            }
            identities.append(
                Item(name: words[1], id: words[2], version: version, fingerprint: words[4])
            )
        }
        self.identities = identities
    }
}
