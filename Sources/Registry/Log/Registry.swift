public import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// A registry in its folder: the log, its Merkle tree, and the state that replaying the log gives.
///
/// A caller that appends holds the lock of the home to which the folder belongs.
public struct Registry: Sendable {
    /// From this number of replayed lines on, an index is written.
    static let indexedLineCount = 2_000

    /// The state after all lines.
    public private(set) var state = RegistryState()
    /// The Merkle tree over the lines.
    public private(set) var tree = MerkleTree()
    /// Whether a crash left a torn line at the end.
    ///
    /// It is not read, and the next append overwrites it.
    package private(set) var hasTornTail = false
    private let file: AppendFile
    private let indexPath: String
    // The index covers the first lines; `lineEnds` has the ends of the lines after them.
    private var index: RegistryIndex?
    private var lineEnds: [Int] = []
    private var lastLeaf = SHA256Digest(hashing: [])
    private var covered: (count: Int, root: SHA256Digest)?

    /// Opens the registry whose log is at `path`; a missing log counts as empty.
    ///
    /// Throws `RegistryError` if a line is invalid, or if the log does not match its stored
    /// checkpoint, and `FileError` if a file cannot be read.
    public init(path: String, checkpointPath: String? = nil) throws {
        file = AppendFile(path: path)
        indexPath = path + ".index"
        // The checkpoint is read before the log: a server may append and sign in between, and a log
        // that is longer than its checkpoint is fine.
        let note =
            try checkpointPath.flatMap { DurableFile.exists($0) ? $0 : nil }
            .map { try DurableFile.read($0, limit: Checkpoint.largestByteCount) }
        if let index = try RegistryIndex(path: indexPath), try index.describes(file) {
            self.index = index
            state = RegistryState(index: index)
            tree = index.tree
            covered = index.covered
        }
        try refresh()
        hasTornTail = try file.byteCount() > byteCount
        if let note { try require(Checkpoint.claim(in: note)) }
        if lineEnds.count > Registry.indexedLineCount { writeIndex() }
    }

    // MARK: Lines

    /// The number of lines.
    public var count: Int { (index?.lineCount ?? 0) + lineEnds.count }

    /// The size of the complete lines that were read, in bytes.
    public var byteCount: Int { lineEnds.last ?? index?.logByteCount ?? 0 }

    private func lineEnd(_ position: Int) -> Int {
        guard position >= 0 else { return 0 }
        guard let index else { return lineEnds[position] }
        return position < index.lineCount
            ? index.lineEnd(position) : lineEnds[position - index.lineCount]
    }

    /// Returns lines by their positions, without line feeds; throws `FileError` if the log cannot
    /// be read.
    public func lines(_ range: Range<Int>) throws -> [[UInt8]] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        guard !range.isEmpty else { return [] }
        let start = lineEnd(range.lowerBound - 1)
        let bytes = try file.bytes(start..<lineEnd(range.upperBound - 1))
        return range.map { position in
            Array(bytes[(lineEnd(position - 1) - start)..<(lineEnd(position) - start - 1)])
        }
    }

    /// Returns the first `count` leaves of the tree; throws `FileError` if the log cannot be read.
    public func leaves(_ count: Int) throws -> [SHA256Digest] {
        try lines(0..<count).map { MerkleTree.leafHash($0) }
    }

    /// Returns the root over the first `count` lines; `count` must not exceed the number of lines.
    ///
    /// Throws `FileError` if the log cannot be read.
    public func root(over count: Int) throws -> SHA256Digest {
        if count == self.count { return tree.root }
        if let covered, covered.count == count { return covered.root }
        if let index, index.lineCount == count { return index.tree.root }
        return MerkleProof.root(of: try leaves(count)[...])
    }

    // The signature is not checked here: this check protects the home's own log against loss.
    private mutating func require(_ claim: (count: Int, root: SHA256Digest)) throws {
        guard claim.count <= count else {
            throw RegistryError.checkpointMismatch(
                "it has \(count) lines, but the checkpoint covers \(claim.count)"
            )
        }
        guard try root(over: claim.count) == claim.root else {
            throw RegistryError.checkpointMismatch("a line was changed")
        }
        covered = claim
    }

    // MARK: Changing

    /// Reads the lines that other processes appended; returns whether there were any.
    ///
    /// Throws `RegistryError` if lines are gone or a new line is invalid.
    @discardableResult
    public mutating func refresh() throws -> Bool {
        let present = try file.byteCount()
        // The log is shorter than before: another process truncated or removed it.
        guard present >= byteCount else { throw RegistryError.changedLog }
        // This is the usual case, and it must be cheap: a chat asks before each message.
        guard present > byteCount else { return false }
        let (fresh, _) = try file.lines(from: byteCount)
        guard !fresh.isEmpty else { return false }
        var next = self
        for line in fresh { try next.replay(line) }
        self = next
        return true
    }

    private mutating func replay(_ line: [UInt8]) throws(RegistryError) {
        do throws(RegistryError) {
            let statement = try Statement(line: line)
            try state.apply(statement)
            lastLeaf = statement.leafHash
            tree.append(lastLeaf)
            lineEnds.append(byteCount + line.count + 1)
        } catch {
            throw error.inLine(count + 1, of: file.path)
        }
    }

    /// Appends statements that were judged before: durably, and all of them or none.
    ///
    /// Throws `RegistryError` if a statement does not fit the state or the log lost lines.
    public mutating func append(_ statements: [Statement]) throws {
        guard !statements.isEmpty else { return }
        try refresh()
        var next = self
        for statement in statements { try next.replay(statement.line) }
        // If another process truncated the file, appending at the old end would leave a hole.
        guard try file.byteCount() >= byteCount else { throw RegistryError.changedLog }
        _ = try file.append(statements.map(\.line), at: byteCount)
        self = next
        if lineEnds.count > max(Registry.indexedLineCount, count / 4) { writeIndex() }
    }

    /// Writes an index of all lines and continues from it.
    ///
    /// If this fails, only the next opening is slower.
    private mutating func writeIndex() {
        let content = RegistryIndex.Content(
            state: state,
            tree: tree,
            lineEnds: (0..<count).map(lineEnd),
            lastLeaf: lastLeaf,
            covered: covered
        )
        let bytes = RegistryIndex.encode(content)
        guard (try? DurableFile.replace(indexPath, with: bytes.borrowedBytes)) != nil,
            let written = try? RegistryIndex(path: indexPath), written.lineCount == count
        else { return }
        index = written
        state = RegistryState(index: written)
        lineEnds = []
    }

    /// Checks again whether the last line is torn.
    ///
    /// Under the home's lock, the answer is final.
    ///
    /// Throws `RegistryError` or `FileError` if the log cannot be read.
    package mutating func lookAgain() throws {
        try refresh()
        hasTornTail = try file.byteCount() > byteCount
    }
}
