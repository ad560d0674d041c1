package import ChatProtocol
package import CryptoCore
package import Foundation
package import KeyFormats
package import Registry
internal import SwiftProtobuf

/// The registry of a lying server: any lines, with a checkpoint by any key.
package struct ForgedRegistry: Sendable {
    /// The lines, without line feeds.
    ///
    /// They may be invalid.
    package var lines: [[UInt8]]
    /// The owner that the checkpoint names.
    package var owner: SHA256Digest
    /// The key that signs the checkpoints.
    package var key: RSAPrivateKey

    /// Makes the true registry of a world's server.
    package init(_ world: AttackWorld) throws {
        lines = try world.registryLines()
        owner = world.chat
        key = try world.key("server")
    }

    /// Appends a line.
    package mutating func add(_ line: String) { lines.append(Array(line.utf8)) }

    /// Appends a statement.
    package mutating func add(_ act: Statement.Act, at time: Timestamp = .now) {
        lines.append(Statement(act, time: time).line)
    }

    /// Returns a signed checkpoint over the first `count` lines, or over all.
    package func note(over count: Int? = nil) throws -> Data {
        var tree = MerkleTree()
        for line in lines.prefix(count ?? lines.count) {
            tree.append(SHA256Digest(hashing: [0] + line))
        }
        return Data(try Checkpoint(owner: owner, tree: tree).note(signedBy: key))
    }

    /// Returns a frame with the lines from one number on, and their checkpoint.
    package func update(from start: Int, upTo end: Int? = nil) throws -> WireFrame {
        var update = WireRegistryUpdate()
        update.from = UInt64(clamping: start)
        let end = end ?? lines.count
        if start < end { update.lines = lines[start..<end].map { Data($0) } }
        update.checkpoint = try note(over: end)
        return .with { $0.registryUpdate = update }
    }
}
