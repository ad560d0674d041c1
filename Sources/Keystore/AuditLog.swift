internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import FoundationEssentials
internal import KeyFormats

/// Every use of a private key and every change of a home, failures too: JSON, an entry a line, each
/// bound to the one before by its SHA-256.
///
/// Whoever can write the file can also write it anew: compare its head with one noted elsewhere.
public struct AuditLog: Sendable {
    /// One line of the log.
    public struct Entry: Codable, Sendable {
        /// Its number, from 1.
        public let seq: Int
        /// When it was written.
        public let time: String
        /// What ran: `keyctl sign`.
        public let program: String
        /// What was done: `unlock`, `use`, `rotate`.
        public let event: String
        /// Whose key.
        public let name: String?
        /// Which version of it.
        public let version: Int?
        /// `nil` where it was done, else the code of what prevented it.
        public let failure: String?
        /// SHA-256 of the line before, in hexadecimal; zeros in the first.
        public let previous: String
    }

    /// Longest line that is read.
    static let largestLineByteCount = 4 << 10
    private static let beginning = String(repeating: "0", count: 64)

    /// Where it stands.
    public let path: String
    private let program: String
    private let whenUnwritten: @Sendable (any Error) -> Void

    init(path: String, whenUnwritten: @escaping @Sendable (any Error) -> Void = { _ in }) {
        self.path = path
        self.whenUnwritten = whenUnwritten
        // The program and its command; never what follows, which may name files and people.
        let arguments = CommandLine.arguments
        let name = arguments[0].split(separator: "/").last.map(String.init) ?? "?"
        let command = arguments.dropFirst().first { !$0.hasPrefix("-") }
        program = ([name] + (command.map { [$0] } ?? [])).joined(separator: " ")
    }

    /// Runs what is to be entered, and enters what came of it.
    func entering<Result>(
        _ event: String,
        _ name: KeyName?,
        version: Int? = nil,
        _ body: () throws -> Result
    ) throws -> Result {
        let result: Result
        do { result = try body() } catch {
            append(event, name, version: version, failure: error)
            throw error
        }
        append(event, name, version: version)
        return result
    }

    /// Enters what was done with the whole home.
    public func note(_ event: String) { append(event, nil) }

    /// Appends an entry, durably.
    ///
    /// What is entered has happened, or is about to: a log that cannot be
    /// written keeps nobody from their keys, and hides no other failure, but it is told. Returns
    /// whether the entry was written.
    @discardableResult
    func append(
        _ event: String,
        _ name: KeyName?,
        version: Int? = nil,
        failure: (any Error)? = nil
    ) -> Bool {
        // Before a home is made there is nothing to keep a log of.
        guard DurableFile.exists(DurableFile.folder(of: path)) else { return false }
        do { try write(event, name, version, failure) } catch {
            whenUnwritten(error)
            return false
        }
        return true
    }

    private func write(
        _ event: String,
        _ name: KeyName?,
        _ version: Int?,
        _ failure: (any Error)?
    ) throws {
        let lock = try FileLock(path + ".lock")
        let file = AppendFile(path: path)
        let tail = try tail(file)
        let entry = Entry(
            seq: try number(after: tail.line, file),
            time: Timestamp.now.description,
            program: program,
            event: event,
            name: name?.description,
            version: version,
            failure: failure.map { ($0 as? any ReportableError)?.codeName ?? "internal" },
            previous: tail.line.map(AuditLog.hash) ?? AuditLog.beginning
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        _ = try file.append([Array(encoder.encode(entry))], at: tail.end)
        _ = consume lock
    }

    /// Gives the number of the line after `last`.
    ///
    /// A last line that is no entry stays where it is, for `verified` to name; then the lines are
    /// counted.
    private func number(after last: [UInt8]?, _ file: AppendFile) throws -> Int {
        guard let last else { return 1 }
        if let entry = try? AuditLog.entry(last), entry.seq > 0, entry.seq < Int.max {
            return entry.seq + 1
        }
        return try file.lines().lines.count + 1
    }

    /// Every line with its entry; throws `KeystoreError` with the number of the first that does not
    /// follow the one before it.
    public func verified() throws -> (lines: [[UInt8]], entries: [Entry], head: String) {
        let (lines, _) = try AppendFile(path: path).lines()
        var head = AuditLog.beginning
        var entries: [Entry] = []
        for (index, line) in lines.enumerated() {
            guard let entry = try? AuditLog.entry(line), entry.seq == index + 1,
                entry.previous == head
            else {
                throw KeystoreError.damaged(
                    path,
                    "line \(index + 1) was changed, or a line before it was removed"
                )
            }
            entries.append(entry)
            head = AuditLog.hash(line)
        }
        return (lines, entries, head)
    }

    /// The last whole line, and where it ends: a torn one after it is written over.
    private func tail(_ file: AppendFile) throws -> (line: [UInt8]?, end: Int) {
        let count = try file.byteCount()
        let start = max(0, count - 2 * AuditLog.largestLineByteCount)
        guard count > 0 else { return (nil, 0) }
        let bytes = try file.bytes(start..<count)
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            guard start == 0 else {
                // A long line that nobody ended: ours are short, so it is not ours to cut off.
                throw KeystoreError.damaged(path, "its last line is too long")
            }
            return (nil, 0)
        }
        let before = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (Array(bytes[before..<end]), start + end + 1)
    }

    private static func entry(_ line: [UInt8]) throws -> Entry {
        try JSONDecoder().decode(Entry.self, from: Data(line))
    }

    private static func hash(_ line: [UInt8]) -> String {
        SHA256Digest(hashing: line).description
    }
}
