internal import CryptoCore
package import KeyFormats
internal import Registry

/// The members of a room, their keys, and whether messages reach them, as a reader was shown them.
///
/// Notices are made only by comparing two views. So no key can start to decrypt messages without a
/// notice.
package struct RoomView: Sendable, Equatable {
    /// The most bytes of a stored view; each member takes about two hundred.
    package static let largestByteCount = 1 << 20
    private static let heading = "securechat members v1"

    /// One member of the view.
    package struct Row: Hashable, Sendable {
        /// The SHA-256 digest of the key in use, as in its fingerprint.
        let key: SHA256Digest
        /// The number of the key's version.
        let version: Int
        /// The member's role.
        let role: Role
        /// Whether messages reach the member.
        let reach: Reach
        /// The number of the member's keys that were revoked.
        let revokedCount: Int
        /// Whether the user compared the key in person.
        let isVerified: Bool
    }

    private(set) var rows: [KeyName: Row]

    init(rows: [KeyName: Row] = [:]) { self.rows = rows }

    /// The names of the members, sorted.
    package var names: [KeyName] { rows.keys.sorted() }

    /// The names of the members whose key was not compared in person, sorted, without `own`.
    package func unverified(besides own: KeyName) -> [KeyName] {
        names.filter { $0 != own && rows[$0]?.isVerified == false }
    }

    // MARK: The file

    /// Reads a stored view; `nil` if it is damaged.
    package init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        guard lines.first.map(String.init) == RoomView.heading, lines.count >= 3,
            lines[lines.count - 1].isEmpty, lines[lines.count - 2] == "end"
        else { return nil }
        rows = [:]
        for line in lines.dropFirst().dropLast(2) {
            let fields = line.split(separator: " ")
            guard fields.count == 7, let name = try? KeyName(fields[0]),
                let key = SHA256Digest(hexadecimal: fields[1]), let version = Int(fields[2]),
                let role = Role(rawValue: String(fields[3])), let reach = Reach(word: fields[4]),
                let revokedCount = Int(fields[5])
            else { return nil }
            rows[name] = Row(
                key: key,
                version: version,
                role: role,
                reach: reach,
                revokedCount: revokedCount,
                isVerified: fields[6] == "verified"
            )
        }
    }

    /// The bytes of the stored view.
    package var encoded: [UInt8] {
        var text = RoomView.heading + "\n"
        for name in names {
            guard let row = rows[name] else { continue }
            text += "\(name) \(row.key) \(row.version) \(row.role.rawValue) \(row.reach.word) "
            text += "\(row.revokedCount) "
            text += row.isVerified ? "verified\n" : "unverified\n"
        }
        return Array((text + "end\n").utf8)
    }
}
