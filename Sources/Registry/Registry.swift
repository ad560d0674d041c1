internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// A registry in its folder: the log, and what replaying it gives.
///
/// Whoever appends holds the lock of the home that the folder belongs to.
public struct Registry: Sendable {
    /// What replaying the log gives.
    public private(set) var state = RegistryState()
    /// The tree over its lines.
    public private(set) var tree = MerkleTree()
    /// The lines, without line feeds.
    public private(set) var lines: [[UInt8]] = []
    private var byteCount = 0
    private let file: AppendFile
    /// Whether a crash left a torn line at the end, which is left out and written over.
    public private(set) var hasTornTail = false

    /// Opens the registry whose log stands at `path`; a missing one is empty.
    ///
    /// Throws `RegistryError` where the log is shorter than its stored checkpoint, or another.
    public init(path: String, checkpointPath: String? = nil) throws {
        file = AppendFile(path: path)
        // Read before the log: a server may append and sign while we look, and a log that is
        // newer than the checkpoint is fine.
        let note =
            try checkpointPath.flatMap { DurableFile.exists($0) ? $0 : nil }
            .map { try DurableFile.read($0, limit: Checkpoint.largestByteCount) }
        try refresh()
        hasTornTail = try file.byteCount() > byteCount
        if let note { try Checkpoint.require(note, over: lines) }
    }

    /// Reads what others have appended since; returns whether there was anything.
    @discardableResult
    public mutating func refresh() throws -> Bool {
        let (fresh, freshByteCount) = try file.lines(from: byteCount)
        guard !fresh.isEmpty else { return false }
        var next = self
        for line in fresh { try next.replay(line) }
        next.byteCount += freshByteCount
        self = next
        return true
    }

    private mutating func replay(_ line: [UInt8]) throws(RegistryError) {
        do throws(RegistryError) {
            let statement = try Statement(line: line)
            try state.apply(statement)
            tree.append(statement.leafHash)
            lines.append(line)
        } catch {
            throw error.inLine(lines.count + 1, of: file.path)
        }
    }

    /// Appends statements that were judged before, durably, all or none.
    public mutating func append(_ statements: [Statement]) throws {
        guard !statements.isEmpty else { return }
        try refresh()
        var next = self
        for statement in statements { try next.replay(statement.line) }
        next.byteCount = try file.append(statements.map(\.line), at: byteCount)
        self = next
    }
}
