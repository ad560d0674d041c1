internal import CryptoCore
internal import DurableFiles
public import KeyFormats

/// A proof that lines about a name are in a registry, as a file.
///
/// A third person checks it with the owner's public key alone.
///
/// It shows which lines are there. It cannot show that no line follows, or that none was left out.
public struct RegistryProof: Sendable {
    private static let heading = FileHeading("keyctl-proof", version: 1)
    /// The largest file that is read, in bytes: 32 MiB.
    public static let largestByteCount = 32 << 20

    /// One line, its position, and its path to the root (RFC 9162 § 2.1.3).
    struct Inclusion {
        let index: Int
        let path: [SHA256Digest]
        let line: [UInt8]
    }

    /// The name.
    public let name: KeyName
    /// The signed note of the checkpoint.
    public let note: [UInt8]
    private let inclusions: [Inclusion]

    /// Proves the lines about a name that a checkpoint covers.
    ///
    /// Throws `RegistryError` if there is no such line, or if the checkpoint covers more lines than
    /// the registry has.
    public init(name: KeyName, registry: Registry, note: [UInt8]) throws {
        let count = try Checkpoint.claim(in: note).count
        guard count <= registry.count else {
            throw RegistryError.checkpointMismatch(
                "the checkpoint covers more lines than the registry has"
            )
        }
        let lines = try registry.lines(0..<count)
        let leaves = lines.map { MerkleTree.leafHash($0) }
        guard let identity = registry.state.identity(name) else {
            throw RegistryError.unknownName(name)
        }
        // Lines without one of these texts are about other names, and need no parsing.
        let keys = (identity.former + identity.versions).compactMap(\.fingerprint)
        let needles =
            [Array("name=\(name)".utf8)]
            + identity.ids.map { Array("id=\($0)".utf8) }
            + keys.map { Array("fingerprint=\($0)".utf8) }
        var inclusions: [Inclusion] = []
        // The verifier judges each line by the lines before it; so does this loop.
        var state = RegistryState()
        for (index, line) in lines.enumerated()
        where needles.contains(where: { line.firstRange(of: $0) != nil }) {
            let statement = try Statement(line: line)
            let isAbout =
                statement.name.map { $0 == name }
                ?? (state.identity(name) != nil && state.isSigned(statement))
            guard isAbout, (try? state.apply(statement)) != nil else { continue }
            inclusions.append(
                Inclusion(
                    index: index,
                    path: MerkleProof.inclusion(of: index, in: leaves[...]),
                    line: line
                )
            )
        }
        guard !inclusions.isEmpty else { throw RegistryError.unknownName(name) }
        self.name = name
        self.note = note
        self.inclusions = inclusions
    }

    /// The bytes of the file.
    public var encoded: [UInt8] {
        var text = "\(RegistryProof.heading)\nname \(name)\ncheckpoint \(Base64.encode(note))\n"
        for inclusion in inclusions {
            let path = inclusion.path.map(\.description).joined(separator: ",")
            text += "line \(inclusion.index) \(path.isEmpty ? "-" : path)\n"
            text += String(decoding: inclusion.line, as: UTF8.self) + "\n"
        }
        return Array(text.utf8)
    }

    /// Returns whether bytes begin like such a file.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: heading.beginning) }

    /// Parses a file; throws `RegistryError` if it is incomplete.
    public init(_ bytes: [UInt8]) throws(RegistryError) {
        if let found = RegistryProof.heading.newerVersion(bytes) {
            throw RegistryError.newerVersion(RegistryProof.heading, found: found)
        }
        let damaged = RegistryError.invalidStatement("the proof is not complete")
        guard bytes.count <= RegistryProof.largestByteCount,
            let text = String(validating: bytes, as: UTF8.self)
        else { throw damaged }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst().map({ $0 == RegistryProof.heading.description }) == true,
            lines.popLast()?.isEmpty == true,
            let first = lines.popFirst(), first.hasPrefix("name "),
            let name = try? KeyName(first.dropFirst(5)),
            let second = lines.popFirst(), second.hasPrefix("checkpoint "),
            let note = Base64.decode(second.dropFirst(11)), lines.count % 2 == 0
        else { throw damaged }
        self.name = name
        self.note = note
        var inclusions: [Inclusion] = []
        while let place = lines.popFirst(), let line = lines.popFirst() {
            let words = place.split(separator: " ")
            guard words.count == 3, words[0] == "line",
                let index = Checkpoint.lineCount(words[1])
            else { throw damaged }
            let path = words[2] == "-" ? [] : words[2].split(separator: ",")
            let digests = path.compactMap { SHA256Digest(hexadecimal: $0) }
            guard digests.count == path.count, digests.count <= 64 else { throw damaged }
            inclusions.append(Inclusion(index: index, path: digests, line: Array(line.utf8)))
        }
        self.inclusions = inclusions
    }

    /// Returns the checkpoint and the identity that the proof shows.
    ///
    /// Throws `RegistryError` unless the owner signed the checkpoint, every line leads to its root (RFC
    /// 9162 § 2.1.3.2), and every signature in the lines is valid. Lines from more than five minutes
    /// after `now` are refused.
    public func verified(
        by owner: RegistryOwner,
        at now: Timestamp
    ) throws(RegistryError) -> (checkpoint: Checkpoint, identity: RegisteredIdentity) {
        let checkpoint = try owner.checkpoint(note)
        var state = RegistryState()
        var last = -1
        for inclusion in inclusions {
            guard inclusion.index > last,
                MerkleProof.isIncluded(
                    MerkleTree.leafHash(inclusion.line),
                    at: UInt64(inclusion.index),
                    size: UInt64(checkpoint.count),
                    root: checkpoint.root,
                    proof: inclusion.path
                )
            else {
                throw RegistryError.checkpointMismatch(
                    "line \(inclusion.index + 1) does not lead to the signed root"
                )
            }
            last = inclusion.index
            do throws(RegistryError) { try state.applyForeign(inclusion.line, at: now) } catch {
                throw error.inForeignLine(inclusion.index + 1)
            }
        }
        guard let identity = state.identity(name) else { throw RegistryError.unknownName(name) }
        return (checkpoint, identity)
    }
}

/// A proof that a log only grew between two checkpoints (RFC 9162 § 2.1.4), as a file.
public struct ConsistencyProof: Sendable {
    private static let heading = FileHeading("keyctl-consistency", version: 1)
    /// The largest file that is read, in bytes: 64 KiB.
    public static let largestByteCount = 64 << 10

    /// The texts of the two checkpoints with their signatures (C2SP signed-note).
    public let notes: (old: [UInt8], new: [UInt8])
    private let path: [SHA256Digest]

    /// Proves that the log of `new` continues the log of `old`.
    ///
    /// Throws `RegistryError` if the registry has fewer lines than `new`, if `old` covers no line,
    /// or if `old` belongs to another log.
    public init(old: [UInt8], new: [UInt8], registry: Registry) throws {
        let (first, second) = (try Checkpoint.claim(in: old), try Checkpoint.claim(in: new))
        guard first.count <= second.count, second.count <= registry.count else {
            throw RegistryError.checkpointMismatch(
                "the older checkpoint covers more lines than the newer one"
            )
        }
        guard first.count > 0 else { throw RegistryError.emptyCheckpoint }
        let ours = try registry.root(over: first.count)
        guard ours == first.root else {
            throw RegistryError.forkedLog((first.count, ours), first)
        }
        notes = (old, new)
        path = MerkleProof.consistency(
            from: first.count,
            in: try registry.leaves(second.count)[...]
        )
    }

    /// The bytes of the file.
    public var encoded: [UInt8] {
        let proof = path.map(\.description).joined(separator: ",")
        return Array(
            """
            \(ConsistencyProof.heading)
            old \(Base64.encode(notes.old))
            new \(Base64.encode(notes.new))
            proof \(proof.isEmpty ? "-" : proof)

            """.utf8
        )
    }

    /// Returns whether bytes begin like such a file.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: heading.beginning) }

    /// Parses a file; throws `RegistryError` if it is incomplete.
    public init(_ bytes: [UInt8]) throws(RegistryError) {
        if let found = ConsistencyProof.heading.newerVersion(bytes) {
            throw RegistryError.newerVersion(ConsistencyProof.heading, found: found)
        }
        let damaged = RegistryError.invalidStatement("the proof is not complete")
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard bytes.count <= ConsistencyProof.largestByteCount, lines.count == 5,
            lines[0] == ConsistencyProof.heading.description, lines[4].isEmpty,
            lines[1].hasPrefix("old "),
            lines[2].hasPrefix("new "), lines[3].hasPrefix("proof "),
            let old = Base64.decode(lines[1].dropFirst(4)),
            let new = Base64.decode(lines[2].dropFirst(4))
        else { throw damaged }
        let words = lines[3] == "proof -" ? [] : lines[3].dropFirst(6).split(separator: ",")
        path = words.compactMap { SHA256Digest(hexadecimal: $0) }
        guard path.count == words.count else { throw damaged }
        notes = (old, new)
    }

    /// Returns the two checkpoints.
    ///
    /// Throws `RegistryError` unless the owner signed both, and the second log continues the first.
    public func verified(
        by owner: RegistryOwner
    ) throws(RegistryError) -> (old: Checkpoint, new: Checkpoint) {
        let old = try owner.checkpoint(notes.old)
        let new = try owner.checkpoint(notes.new)
        guard old.count > 0 else { throw RegistryError.emptyCheckpoint }
        guard
            MerkleProof.isConsistent(
                oldSize: UInt64(old.count),
                oldRoot: old.root,
                newSize: UInt64(new.count),
                newRoot: new.root,
                proof: path
            )
        else {
            throw RegistryError.forkedLog((old.count, old.root), (new.count, new.root))
        }
        return (old, new)
    }
}
