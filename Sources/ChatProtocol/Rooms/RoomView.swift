internal import CryptoCore
package import KeyFormats
internal import Registry

/// Who is in the room, with which key, and whether what is said reaches them: what a reader is told.
///
/// Notices come from two views alone, so that nothing can change who opens a message without a line
/// about it.
package struct RoomView: Sendable, Equatable {
    /// Most bytes of a stored view: some two hundred for each of a room's members.
    package static let largestByteCount = 1 << 20
    private static let heading = "securechat members v1"

    /// One member.
    package struct Row: Hashable, Sendable {
        /// The fingerprint's digest of the key that is in use.
        let key: SHA256Digest
        /// The number of its version.
        let version: Int
        /// What the member may do.
        let role: Role
        /// Whether what is said reaches the member.
        let reach: Reach
        /// How many keys of the member were revoked.
        let revokedCount: Int
        /// Whether the key was compared in person.
        let isVerified: Bool
    }

    private(set) var rows: [KeyName: Row]

    init(rows: [KeyName: Row] = [:]) { self.rows = rows }

    /// The members, sorted.
    package var names: [KeyName] { rows.keys.sorted() }

    /// The members whose key was never compared in person, sorted.
    package func unverified(besides own: KeyName) -> [KeyName] {
        names.filter { $0 != own && rows[$0]?.isVerified == false }
    }

    // MARK: The file

    /// Reads a stored view; `nil` where it is not whole.
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

    /// What the view is stored as.
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
