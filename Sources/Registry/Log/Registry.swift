public import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// A registry in its folder: the log, and what replaying it gives.
///
/// Whoever appends holds the lock of the home that the folder belongs to.
public struct Registry: Sendable {
    /// How many lines are replayed before an index is worth its writing.
    static let indexedLineCount = 2_000

    /// What replaying the log gives.
    public private(set) var state = RegistryState()
    /// The tree over its lines.
    public private(set) var tree = MerkleTree()
    /// Whether a crash left a torn line at the end, which is left out and written over.
    public private(set) var hasTornTail = false
    private let file: AppendFile
    private let indexPath: String
    // Lines before it are found through it, later ones through `lineEnds`.
    private var index: RegistryIndex?
    private var lineEnds: [Int] = []
    private var lastLeaf = SHA256Digest(hashing: [])
    private var covered: (count: Int, root: SHA256Digest)?

    /// Opens the registry whose log stands at `path`; a missing one is empty.
    ///
    /// Throws `RegistryError` where the log is shorter than its stored checkpoint, or another.
    public init(path: String, checkpointPath: String? = nil) throws {
        file = AppendFile(path: path)
        indexPath = path + ".index"
        // Read before the log: a server may append and sign while we look, and a log that is
        // newer than the checkpoint is fine.
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

    /// How many lines there are.
    public var count: Int { (index?.lineCount ?? 0) + lineEnds.count }

    /// How many bytes its whole lines have, as far as they were read.
    public var byteCount: Int { lineEnds.last ?? index?.logByteCount ?? 0 }

    private func lineEnd(_ position: Int) -> Int {
        guard position >= 0 else { return 0 }
        guard let index else { return lineEnds[position] }
        return position < index.lineCount
            ? index.lineEnd(position) : lineEnds[position - index.lineCount]
    }

    /// Lines by their position, without line feeds.
    public func lines(_ range: Range<Int>) throws -> [[UInt8]] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        guard !range.isEmpty else { return [] }
        let start = lineEnd(range.lowerBound - 1)
        let bytes = try file.bytes(start..<lineEnd(range.upperBound - 1))
        return range.map { position in
            Array(bytes[(lineEnd(position - 1) - start)..<(lineEnd(position) - start - 1)])
        }
    }

    /// The first `count` leaves of the tree.
    public func leaves(_ count: Int) throws -> [SHA256Digest] {
        try lines(0..<count).map { MerkleTree.leafHash($0) }
    }

    /// The root over the first `count` lines, which must be there.
    public func root(over count: Int) throws -> SHA256Digest {
        if count == self.count { return tree.root }
        if let covered, covered.count == count { return covered.root }
        if let index, index.lineCount == count { return index.tree.root }
        return MerkleProof.root(of: try leaves(count)[...])
    }

    // Its signature is not looked at: this guards one's own log against loss.
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

    /// Reads what others have appended since; returns whether there was anything.
    @discardableResult
    public mutating func refresh() throws -> Bool {
        let present = try file.byteCount()
        // Lines that were read are gone: somebody cut the file, or removed it.
        guard present >= byteCount else { throw RegistryError.changedLog }
        // The usual case costs no more than this: it is asked for before each message of a chat.
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

    /// Appends statements that were judged before, durably, all or none.
    public mutating func append(_ statements: [Statement]) throws {
        guard !statements.isEmpty else { return }
        try refresh()
        var next = self
        for statement in statements { try next.replay(statement.line) }
        // Somebody may have cut the file: appended after its end, it would have a hole.
        guard try file.byteCount() >= byteCount else { throw RegistryError.changedLog }
        _ = try file.append(statements.map(\.line), at: byteCount)
        self = next
        if lineEnds.count > max(Registry.indexedLineCount, count / 4) { writeIndex() }
    }

    /// Writes down what was replayed, and goes on from there; a failure costs the next opening its
    /// time, and nothing else.
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

    /// Looks again whether the last line is torn; under the home's lock the answer is final.
    public mutating func lookAgain() throws {
        try refresh()
        hasTornTail = try file.byteCount() > byteCount
    }
}
