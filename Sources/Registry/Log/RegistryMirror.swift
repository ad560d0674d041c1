internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// The newest known state of another owner's registry: its log, and the checkpoint that its owner
/// signed.
///
/// A mirror only grows. A rewritten history is a fork, and is refused.
package struct RegistryMirror: Sendable {
    private let path: String
    /// The log.
    package private(set) var registry: Registry
    /// The newest checkpoint; `nil` if there is none yet.
    package private(set) var note: [UInt8]?

    private static func checkpointPath(_ path: String) -> String { path + ".checkpoint" }

    /// Opens the mirror whose log is at `path`; a missing log counts as empty.
    ///
    /// Throws `RegistryError` if the log does not match its checkpoint.
    package init(path: String) throws {
        self.path = path
        let checkpoint = RegistryMirror.checkpointPath(path)
        note =
            DurableFile.exists(checkpoint)
            ? try DurableFile.read(checkpoint, limit: Checkpoint.largestByteCount) : nil
        registry = try Registry(path: path, checkpointPath: checkpoint)
    }

    /// The effect of adding a file to a mirror.
    package enum Outcome: Sendable, Equatable {
        /// The file began the mirror.
        case began
        /// The file continues the mirror by this number of lines.
        case grew(Int)
        /// The file adds nothing.
        case same
        /// The file is older than the mirror.
        case older
    }

    /// Adds the lines of a newer file.
    ///
    /// The caller holds the home's lock.
    ///
    /// Throws `RegistryError` if the file does not continue the mirror.
    package mutating func take(_ verified: VerifiedRegistry) throws -> Outcome {
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

    /// Adds statements that were judged before.
    ///
    /// `count` is the number of lines before the first one.
    ///
    /// Throws `RegistryError` if they do not continue the mirror.
    package mutating func take(
        _ statements: [Statement],
        after count: Int,
        note: [UInt8]
    ) throws {
        try registry.refresh()
        let kept = registry.count - count
        guard kept >= 0 else { return }
        // Another client of the same home may have received other lines.
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

    /// Stores a checkpoint over the present lines; throws `FileError` if it cannot be written.
    package mutating func keep(note: [UInt8]) throws {
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

/// The result of comparing another person's checkpoint with a log.
public enum CheckpointComparison: Sendable, Equatable {
    /// The log contains exactly the lines that were signed.
    case consistent
    /// The checkpoint covers this number of lines more than the log has.
    case newer(by: Int)
}

extension Registry {
    /// Compares a checkpoint that another person received with this log.
    ///
    /// Throws `RegistryError` with both sizes and roots if the checkpoint belongs to another log.
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
