import AttackSupport
import CryptoCore
import Foundation
import KeyFormats
import Registry

/// Rotations between two keys of a stranger, each signed by both keys, as long as a Hello can
/// carry.
enum StrangerChain {
    private static let byteCount = 250_000
    private static let chain = Task { try makeLines() }

    /// Returns the lines.
    ///
    /// The last one may name a member's key as the new one, without its signature.
    static func lines(endingAt name: String?, _ world: AttackWorld) async throws -> [Data] {
        var lines = try await chain.value
        guard let name, let last = lines.last else { return lines }
        let known = Base64.encode(try world.key(name).publicKey.spkiDERRepresentation())
        let fields = String(decoding: last, as: UTF8.self).split(separator: " ")
        let line = fields.map { $0.hasPrefix("new=") ? "new=\(known)" : String($0) }
        lines[lines.count - 1] = Data(line.joined(separator: " ").utf8)
        return lines
    }

    private static func makeLines() throws -> [Data] {
        let keys = [StrangerKey.shared, StrangerKey.second]
        let id = SHA256Digest(hashing: try keys[0].publicKey.spkiDERRepresentation())
        var previous = id
        var lines: [Data] = []
        var size = 0
        while size < byteCount - 4_000 {
            let statement = try Rotation.statement(
                id: id,
                from: lines.count + 1,
                previous: previous,
                old: keys[lines.count % 2],
                new: keys[(lines.count + 1) % 2],
                expires: nil,
                time: .now
            )
            previous = statement.leafHash
            size += statement.line.count + 4
            lines.append(Data(statement.line))
        }
        return lines
    }
}
