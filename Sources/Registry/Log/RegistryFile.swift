public import CryptoCore
internal import DurableFiles
public import KeyFormats

/// A registry as one file for other people: the signed checkpoint, and the lines that it covers.
public struct RegistryFile: Sendable {
    private static let heading = FileHeading("keyctl-registry", version: 1)
    /// The largest file that is read, in bytes: 512 MiB.
    public static let largestByteCount = 512 << 20

    /// The signed note of the checkpoint, at most 8 KiB.
    public let note: [UInt8]
    /// The lines that the checkpoint covers, without line feeds.
    public let lines: [[UInt8]]

    /// Makes a file from a checkpoint and its lines.
    public init(note: [UInt8], lines: [[UInt8]]) {
        self.note = note
        self.lines = lines
    }

    /// The bytes of the file.
    public var encoded: [UInt8] {
        var bytes = Array("\(RegistryFile.heading)\ncheckpoint \(Base64.encode(note))\n".utf8)
        bytes.reserveCapacity(bytes.count + lines.reduce(0) { $0 + $1.count + 1 })
        for line in lines {
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Returns whether bytes begin like such a file.
    public static func begins(_ bytes: RawSpan) -> Bool {
        bytes.starts(with: heading.beginning)
    }

    /// Parses a file (docs/registry-format.md); throws `RegistryError` if its layout is wrong, or if
    /// it has more than `RegistryState.largestCount` lines.
    ///
    /// Nothing is verified yet: `verified(by:at:)` judges the content.
    public init(_ bytes: [UInt8]) throws(RegistryError) {
        if let found = RegistryFile.heading.newerVersion(bytes) {
            throw RegistryError.newerVersion(RegistryFile.heading, found: found)
        }
        var lines = bytes.split(
            separator: UInt8(ascii: "\n"),
            maxSplits: RegistryState.largestCount + 3,
            omittingEmptySubsequences: false
        )
        guard lines.count >= 3, lines[0].elementsEqual(RegistryFile.heading.description.utf8) else {
            throw RegistryError.invalidStatement(
                "the file was not written by keyctl registry export"
            )
        }
        guard lines.count <= RegistryState.largestCount + 3 else {
            throw RegistryError.tooManyLines
        }
        guard lines.last?.isEmpty == true else {
            throw RegistryError.invalidStatement("its last line is not complete")
        }
        let prefix = Array("checkpoint ".utf8)
        guard lines[1].starts(with: prefix), lines[1].count <= 2 * Checkpoint.largestByteCount,
            let note = Base64.decode(
                Substring(decoding: lines[1].dropFirst(prefix.count), as: UTF8.self)
            )
        else { throw RegistryError.invalidStatement("it has no checkpoint") }
        self.note = note
        lines.removeLast()
        self.lines = lines.dropFirst(2).map(Array.init)
    }

    /// Judges the file by its owner's key: the checkpoint's signature, its root (RFC 6962 § 2.1), and
    /// every line.
    ///
    /// Lines from more than five minutes after `now` are refused. Throws `RegistryError` with the
    /// first fault, and the number of its line. A file that is verified may still be old.
    public func verified(
        by owner: RegistryOwner,
        at now: Timestamp
    ) throws(RegistryError) -> VerifiedRegistry {
        let checkpoint = try owner.checkpoint(note)
        guard checkpoint.count == lines.count else {
            throw RegistryError.checkpointMismatch(
                "it has \(lines.count) lines, but the checkpoint covers \(checkpoint.count)"
            )
        }
        var tree = MerkleTree()
        for line in lines { tree.append(MerkleTree.leafHash(line)) }
        guard tree.root == checkpoint.root else {
            throw RegistryError.checkpointMismatch("a line was changed")
        }
        var state = RegistryState()
        var chains: [SHA256Digest: [Statement]] = [:]
        for (index, line) in lines.enumerated() {
            do throws(RegistryError) {
                let statement = try state.applyForeign(line, at: now)
                if let id = statement.identityID { chains[id, default: []].append(statement) }
            } catch {
                throw error.inForeignLine(index + 1)
            }
        }
        return VerifiedRegistry(
            checkpoint: checkpoint,
            state: state,
            chains: chains,
            file: self
        )
    }
}

/// A registry file whose every line was judged.
public struct VerifiedRegistry: Sendable {
    /// The checkpoint that the owner signed.
    public let checkpoint: Checkpoint
    /// The state after all lines.
    public let state: RegistryState
    /// Each identity's own statements in their order, by its id.
    public let chains: [SHA256Digest: [Statement]]
    /// The file.
    public let file: RegistryFile
}

/// The owner of a registry: an identity with the keys that may sign its checkpoints.
public struct RegistryOwner: Sendable {
    /// The owner's name, or the fingerprint of the key.
    public let name: String
    private let keys: [PublicKey]
    private let id: SHA256Digest?

    /// Makes an owner from an identity of the registry.
    ///
    /// Its revoked versions sign nothing. Its retired versions sign nothing new, so they count only
    /// for an old checkpoint (`withRetired`): a person who stole one must not extend a mirror.
    public init(_ identity: RegisteredIdentity, withRetired: Bool) {
        name = identity.name.description
        id = identity.id
        let use: KeyUse = withRetired ? .oldCheckpoint : .checkpoint
        let versions = identity.versions.filter { identity.allows(use, by: $0, at: .now) }
        keys = versions.compactMap { try? $0.publicKey() }
    }

    /// Makes an owner from one key.
    ///
    /// The caller decides whether the key is strong: see `KeyExamination`.
    public init(_ key: PublicKey) {
        name = key.fingerprint.description
        id = nil
        keys = [key]
    }

    /// Returns the checkpoint of a note; throws `RegistryError` unless this owner signed it.
    public func checkpoint(_ note: [UInt8]) throws(RegistryError) -> Checkpoint {
        let claimed = try Checkpoint.owner(in: note)
        guard id == nil || id == claimed else {
            throw RegistryError.checkpointMismatch("it is signed for another owner than \(name)")
        }
        for key in keys.reversed() {
            if let checkpoint = try? Checkpoint(note: note, owner: claimed, key: key) {
                return checkpoint
            }
        }
        throw RegistryError.checkpointMismatch("it is not signed by \(name)")
    }
}
