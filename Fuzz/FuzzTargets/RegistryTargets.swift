internal import CryptoCore
internal import DurableFiles

@testable import KeyFormats
@testable import Registry

/// Targets for what registries exchange: statements, files, proofs, checkpoints.
enum RegistryTargets {
    static let all = [
        statement, statementFile, log, file, proof, consistency, checkpoint,
    ]

    private static let statement = FuzzTarget(
        "statement",
        seeds: { world in world.statements.map(\.line) },
        decode: { bytes in
            let statement = try Statement(line: bytes)
            // At its place in the world's log, before it and after it.
            for state in [RegistryState(), FuzzWorld.shared.state] {
                var state = state
                _ = (state.subject(of: statement), state.subjectVersion(of: statement))
                _ = (state.isSigned(statement), statement.revokedKey, statement.rotation)
                try? state.apply(statement)
                _ = (state.members.count, state.all.map(\.latest.number))
            }
            return bytes
        }
    )

    private static let statementFile = FuzzTarget(
        "statement-file",
        largestByteCount: 8192,
        seeds: { world in
            [StatementFile.encode(world.aliceChain), StatementFile.encode(world.statements)]
        },
        decode: { bytes in
            guard let chain = try StatementFile.decode(bytes) else { return nil }
            try FuzzFault.require(
                StatementFile.encode(chain) == bytes,
                "a file of statements reads back as another"
            )
            let state = FuzzWorld.shared.state
            _ = state.following(chain, at: FuzzWorld.now)
            _ = RegistryState().following(chain, at: FuzzWorld.now)
            _ = state.identity(inChain: chain)
            return bytes
        }
    )

    private static let log = FuzzTarget(
        "registry-log",
        largestByteCount: 16384,
        seeds: { world in
            let lines = world.statements.map { $0.line + [newline] }
            return [Array(lines.joined()), Array(lines.prefix(4).joined())]
        },
        decode: { bytes in
            try FuzzFolder.withFile(bytes, "log") { path in
                let registry = try Registry(path: path)
                _ = try registry.lines(0..<registry.count)
                for count in 0...registry.count { _ = try registry.root(over: count) }
                _ = registry.state.all.map { ($0.latest.number, $0.ids.count) }
                return Array("\(registry.count) \(registry.tree.root)".utf8)
            }
        }
    )

    /// A registry as a file.
    ///
    /// The checkpoint is signed again over the present lines.
    private static let file = FuzzTarget(
        "registry-file",
        largestByteCount: 16384,
        seeds: { world in
            let lines = world.statements.map(\.line)
            return [
                RegistryFile(note: world.note, lines: lines).encoded,
                RegistryFile(note: try FuzzWorld.note([]), lines: []).encoded,
                RegistryFile(note: world.note, lines: Array(lines.prefix(2))).encoded,
                RegistryFile(note: world.note, lines: Array(lines.prefix(7))).encoded,
            ]
        },
        decode: { bytes in
            let file = try RegistryFile(bytes)
            try FuzzFault.require(
                try RegistryFile(file.encoded).encoded == file.encoded,
                "a registry's file reads back as another"
            )
            let owner = FuzzWorld.shared.owner
            _ = try? file.verified(by: owner, at: FuzzWorld.now)
            let signed = RegistryFile(note: try FuzzWorld.note(file.lines), lines: file.lines)
            let verified = try signed.verified(by: owner, at: FuzzWorld.now)
            _ = verified.state.all.map(\.latest.number)
            return Array(file.lines.joined(separator: [newline]))
        }
    )

    /// A proof about a name.
    ///
    /// Its checkpoint is signed again as it is.
    private static let proof = FuzzTarget(
        "registry-proof",
        largestByteCount: 16384,
        seeds: RegistryProofSeeds.proofs,
        decode: { bytes in
            let proof = try RegistryProof(bytes)
            let again = try FuzzFault.need("a proof that was written cannot be read") {
                try RegistryProof(proof.encoded)
            }
            try FuzzFault.require(again.encoded == proof.encoded, "a proof reads back as another")
            let owner = FuzzWorld.shared.owner
            let signed = try RegistryProofSeeds.withNote(
                FuzzWorld.note(saying: proof.note),
                bytes,
                field: "checkpoint"
            )
            _ = try? RegistryProof(signed).verified(by: owner, at: FuzzWorld.now)
            return proof.encoded
        }
    )

    private static let consistency = FuzzTarget(
        "consistency-proof",
        seeds: RegistryProofSeeds.consistencyProofs,
        decode: { bytes in
            let proof = try ConsistencyProof(bytes)
            let again = try FuzzFault.need("a proof that was written cannot be read") {
                try ConsistencyProof(proof.encoded)
            }
            try FuzzFault.require(again.encoded == proof.encoded, "a proof reads back as another")
            var signed = try RegistryProofSeeds.withNote(
                FuzzWorld.note(saying: proof.notes.old),
                bytes,
                field: "old"
            )
            signed = try RegistryProofSeeds.withNote(
                FuzzWorld.note(saying: proof.notes.new),
                signed,
                field: "new"
            )
            _ = try? ConsistencyProof(signed).verified(by: FuzzWorld.shared.owner)
            return proof.encoded
        }
    )

    private static let checkpoint = FuzzTarget(
        "checkpoint",
        seeds: { world in [world.note, try FuzzWorld.note([])] },
        decode: { bytes in
            let claim = try Checkpoint.claim(in: bytes)
            let owner = try Checkpoint.owner(in: bytes)
            _ = try? FuzzWorld.shared.owner.checkpoint(bytes)
            return Array("\(owner) \(claim.count) \(claim.root)".utf8)
        }
    )

    private static let newline = UInt8(ascii: "\n")
}
