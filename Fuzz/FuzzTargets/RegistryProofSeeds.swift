internal import CryptoCore
internal import DurableFiles

@testable import KeyFormats
@testable import Registry

/// Proofs from the world's registry, and a way to give one another checkpoint.
enum RegistryProofSeeds {
    @Sendable static func proofs(_ world: FuzzWorld) throws -> [[UInt8]] {
        try withRegistry(world) { registry in
            try ["alice", "bob", "server"].map { name in
                try RegistryProof(name: KeyName(name), registry: registry, note: world.note)
                    .encoded
            }
        }
    }

    @Sendable static func consistencyProofs(_ world: FuzzWorld) throws -> [[UInt8]] {
        let lines = world.statements.map(\.line)
        return try withRegistry(world) { registry in
            try [1, 3, 8, lines.count].map { count in
                try ConsistencyProof(
                    old: FuzzWorld.note(Array(lines.prefix(count))),
                    new: world.note,
                    registry: registry
                ).encoded
            }
        }
    }

    /// Returns the file with `note` in the line of `field`.
    static func withNote(_ note: [UInt8], _ bytes: [UInt8], field: String) -> [UInt8] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let prefix = Array("\(field) ".utf8)
        guard let index = lines.firstIndex(where: { $0.starts(with: prefix) }) else { return bytes }
        lines[index] = (prefix + Array(Base64.encode(note).utf8))[...]
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    private static func withRegistry<Value>(
        _ world: FuzzWorld,
        _ body: (Registry) throws -> Value
    ) throws -> Value {
        let log = world.statements.flatMap { $0.line + [UInt8(ascii: "\n")] }
        return try FuzzFolder.withFile(log, "log") { try body(Registry(path: $0)) }
    }
}
