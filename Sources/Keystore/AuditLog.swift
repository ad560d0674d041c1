internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import FoundationEssentials
public import KeyFormats

/// The log of every use of a private key and of every change of a home, failures included.
///
/// The file holds one JSON object a line. Each line names the SHA-256 of the line before it, so a
/// changed line breaks the chain. A person who can write the file can also write a new chain: note
/// the head that `keyctl audit verify` prints in another place, and compare the two.
/// `Keystore` owns the log. The format is in docs/keystore-format.md.
public struct AuditLog: Sendable {
    /// One line of the log.
    public struct Entry: Codable, Sendable {
        /// The entry's number, counted from 1.
        public let seq: Int
        /// The time of writing, in RFC 3339.
        public let time: String
        /// The program and its command, for example `keyctl sign`.
        public let program: String
        /// What was done, for example `unlock`, `use` or `rotate`.
        public let event: String
        /// The name of the identity; `nil` if the entry is about the whole home.
        public let name: String?
        /// The version of the identity's key; `nil` if the entry is about no single version.
        public let version: Int?
        /// `nil` if the act succeeded, else the code of the error that stopped it.
        public let failure: String?
        /// SHA-256 of the line before, in hexadecimal; 64 zeros in the first entry.
        public let previous: String
    }

    /// The longest line that is read, in bytes.
    static let largestLineByteCount = 4 << 10
    private static let beginning = String(repeating: "0", count: 64)

    /// The path of the file.
    public let path: String
    private let program: String
    private let whenUnwritten: @Sendable (any Error) -> Void

    /// The log of a home.
    ///
    /// An entry that cannot be written is left out.
    public init(home: Home) { self.init(path: home.auditPath) }

    init(path: String, whenUnwritten: @escaping @Sendable (any Error) -> Void = { _ in }) {
        self.path = path
        self.whenUnwritten = whenUnwritten
        // Only the program and its command are logged: later arguments may name files and people.
        let arguments = CommandLine.arguments
        let name = arguments[0].split(separator: "/").last.map(String.init) ?? "?"
        let command = arguments.dropFirst().first { !$0.hasPrefix("-") }
        program = ([name] + (command.map { [$0] } ?? [])).joined(separator: " ")
    }

    /// Runs `body` and appends an entry with its result; rethrows the error of `body`.
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

    /// Appends an entry about the whole home.
    public func note(_ event: String) { append(event, nil) }

    /// Appends an entry about a version of an identity.
    public func note(_ event: String, _ name: KeyName, version: Int) {
        append(event, name, version: version)
    }

    /// Appends an entry, durably.
    ///
    /// The act of the entry has happened or is about to happen. So a log that cannot be written
    /// stops no act and hides no other error: the closure `whenUnwritten` gets the reason. Returns
    /// whether the entry was written.
    @discardableResult
    func append(
        _ event: String,
        _ name: KeyName?,
        version: Int? = nil,
        failure: (any Error)? = nil
    ) -> Bool {
        // Before a home exists, there is nothing to log.
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

    /// Returns the number of the entry after `last`.
    ///
    /// If the last line is not an entry, it stays in the file, so that `verified` reports it. The
    /// number is then the count of the lines plus one.
    private func number(after last: [UInt8]?, _ file: AppendFile) throws -> Int {
        guard let last else { return 1 }
        if let entry = try? AuditLog.entry(last), entry.seq > 0, entry.seq < Int.max {
            return entry.seq + 1
        }
        return try file.lines().lines.count + 1
    }

    /// Reads the whole log and checks its chain; returns every line with its entry, and the head.
    ///
    /// Throws `KeystoreError` with the number of the first line that does not follow the line
    /// before it, and `FileError` if the file cannot be read.
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

    /// Returns the last whole line and the offset of its end.
    ///
    /// The next append overwrites a torn line after that offset.
    private func tail(_ file: AppendFile) throws -> (line: [UInt8]?, end: Int) {
        let count = try file.byteCount()
        let start = max(0, count - 2 * AuditLog.largestLineByteCount)
        guard count > 0 else { return (nil, 0) }
        let bytes = try file.bytes(start..<count)
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
            guard start == 0 else {
                // We write short lines only, so this long line is not ours, and must not be cut
                // off.
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
