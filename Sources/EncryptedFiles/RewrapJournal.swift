internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
public import Keystore

/// What a rewrap set out to do and how far it came, so that it can be ended after a crash.
///
/// The format stands in docs/file-encryption.md. Each file is replaced atomically, so the journal decides nothing about a file's content: it
/// remembers the order and the list, and which files are done.
public struct RewrapJournal {
    private static let heading = FileHeading("keyctl-rewrap", version: 1)

    /// What was asked of every file.
    public let order: RewrapOrder
    /// Every file.
    public let files: [String]
    /// Those that are done.
    public private(set) var done: Set<String> = []
    private let log: AppendFile
    private var end = 0

    /// Whether one stands in this home.
    public static func exists(in home: Home) -> Bool { DurableFile.exists(home.rewrapJournalPath) }

    /// Begins a journal, and makes it durable.
    public init(_ order: RewrapOrder, files: [String], home: Home) throws {
        self.order = order
        self.files = files
        log = AppendFile(path: home.rewrapJournalPath)
        var text = "\(RewrapJournal.heading)\n"
        text += "to \(order.to.map(\.description).joined(separator: ","))\n"
        text += "drop \(order.drop.map(\.description).joined(separator: ","))\n"
        text += "fresh \(order.isFresh)\nheader-only \(order.isHeaderOnly)\n"
        for file in files { text += "file \(Base64.encode(Array(file.utf8)))\n" }
        let bytes = Array(text.utf8)
        try DurableFile.replace(home.rewrapJournalPath, with: bytes.borrowedBytes)
        end = bytes.count
    }

    /// Reads the journal of an earlier run.
    ///
    /// Throws `EncryptedFileError` where there is none, or where it is damaged.
    public init(home: Home) throws {
        let path = home.rewrapJournalPath
        guard DurableFile.exists(path) else {
            throw EncryptedFileError.noJournal
        }
        log = AppendFile(path: path)
        try DurableFile.requirePrivate(path)
        let (lines, count) = try log.lines()
        end = count
        let damaged = EncryptedFileError.journalDamaged(path)
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        try RewrapJournal.heading.requireKnownVersion(lines.first ?? [], path: path)
        guard texts.count >= 5, texts[0] == RewrapJournal.heading.description else { throw damaged }
        func value(_ index: Int, _ name: String) throws -> Substring {
            guard texts[index].hasPrefix(name + " ") else { throw damaged }
            return texts[index].dropFirst(name.utf8.count + 1)
        }
        func names(_ text: Substring) throws -> [KeyName] {
            try text.split(separator: ",").map { try KeyName($0) }
        }
        order = RewrapOrder(
            to: try names(value(1, "to")),
            drop: try names(value(2, "drop")),
            isFresh: try value(3, "fresh") == "true",
            isHeaderOnly: try value(4, "header-only") == "true"
        )
        var files: [String] = []
        for text in texts.dropFirst(5) {
            let words = text.split(separator: " ")
            guard words.count == 2, let bytes = Base64.decode(words[1]) else { throw damaged }
            let file = String(decoding: bytes, as: UTF8.self)
            switch words[0] {
            case "file": files.append(file)
            case "done": done.insert(file)
            default: throw damaged
            }
        }
        self.files = files
    }

    /// Remembers that a file is done.
    public mutating func finish(_ file: String) throws {
        done.insert(file)
        let line = "done \(Base64.encode(Array(file.utf8)))"
        end = try log.append([Array(line.utf8)], at: end)
    }

    /// Ends the journal: everything is done.
    public func remove() throws { try DurableFile.remove(log.path) }
}
