internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// Somebody else's registry as it was seen last: its log, and the checkpoint that its owner signed.
///
/// It only grows: a history that was rewritten is a fork, and is refused.
public struct RegistryMirror: Sendable {
    private let path: String
    /// The log.
    public private(set) var registry: Registry
    /// The newest checkpoint that was seen; `nil` where there is none yet.
    public private(set) var note: [UInt8]?

    private static func checkpointPath(_ path: String) -> String { path + ".checkpoint" }

    /// Opens the mirror whose log stands at `path`; a missing one is empty.
    public init(path: String) throws {
        self.path = path
        let checkpoint = RegistryMirror.checkpointPath(path)
        note =
            DurableFile.exists(checkpoint)
            ? try DurableFile.read(checkpoint, limit: Checkpoint.largestByteCount) : nil
        registry = try Registry(path: path, checkpointPath: checkpoint)
    }

    /// What taking a file in did.
    public enum Outcome: Sendable, Equatable {
        /// It was the first one.
        case began
        /// It continues what was here, by so many lines.
        case grew(Int)
        /// Nothing new.
        case same
        /// It is from before what is here.
        case older
    }

    /// Takes in a newer state; throws `RegistryError` where it does not continue what is here.
    ///
    /// The caller holds the home's lock.
    public mutating func take(_ verified: VerifiedRegistry) throws -> Outcome {
        try registry.refresh()
        try requireConsistent(with: verified)
        let known = registry.count
        let lines = verified.file.lines
        guard lines.count >= known else { return .older }
        let fresh = try lines[known...].map { try Statement(line: $0) }
        // The lines first: a log that is longer than its checkpoint is fine.
        try registry.append(fresh)
        try keep(note: verified.file.note)
        return fresh.isEmpty
            ? (known == 0 ? .began : .same) : known == 0 ? .began : .grew(fresh.count)
    }

    /// Takes in lines that were judged already, where they continue what is here.
    public mutating func take(
        _ statements: [Statement],
        after count: Int,
        note: [UInt8]
    ) throws {
        try registry.refresh()
        let kept = registry.count - count
        guard kept >= 0 else { return }
        // Another client of the same home may have been shown other lines.
        let claim = try Checkpoint.claim(in: note)
        let common = min(kept, statements.count)
        let same = try registry.lines(count..<(count + common))
        guard same.elementsEqual(statements.prefix(common).map(\.line)) else {
            throw RegistryError.forkedLog((registry.count, registry.tree.root), claim)
        }
        try registry.append(Array(statements.dropFirst(kept)))
        guard claim.count >= registry.count else { return }
        guard claim.count == registry.count, claim.root == registry.tree.root else {
            throw RegistryError.forkedLog((registry.count, registry.tree.root), claim)
        }
        try keep(note: note)
    }

    /// Remembers a checkpoint over what is here.
    public mutating func keep(note: [UInt8]) throws {
        guard note != self.note else { return }
        try DurableFile.replace(RegistryMirror.checkpointPath(path), with: note.borrowedBytes)
        self.note = note
    }

    private func requireConsistent(with verified: VerifiedRegistry) throws {
        let common = min(registry.count, verified.checkpoint.count)
        let theirs = MerkleProof.root(
            of: verified.file.lines.prefix(common).map { MerkleTree.leafHash($0) }[...]
        )
        let ours = try registry.root(over: common)
        guard ours == theirs else {
            throw RegistryError.forkedLog(
                (registry.count, registry.tree.root),
                (verified.checkpoint.count, verified.checkpoint.root)
            )
        }
    }
}

/// What comparing somebody's checkpoint with a log gives.
public enum CheckpointComparison: Sendable, Equatable {
    /// The log contains exactly what was signed.
    case consistent
    /// It covers more than is here: fetch the registry first.
    case newer(by: Int)
}

extension Registry {
    /// Compares a checkpoint that somebody else was shown; throws `RegistryError` that names both
    /// where the two were shown different logs.
    public func compare(_ checkpoint: Checkpoint) throws -> CheckpointComparison {
        guard checkpoint.count <= count else { return .newer(by: checkpoint.count - count) }
        let ours = try root(over: checkpoint.count)
        guard ours == checkpoint.root else {
            throw RegistryError.forkedLog(
                (checkpoint.count, ours),
                (checkpoint.count, checkpoint.root)
            )
        }
        return .consistent
    }
}
