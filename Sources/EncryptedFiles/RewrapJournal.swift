internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
public import Keystore

/// The journal of a rewrap, with which an interrupted rewrap is finished after a crash.
///
/// It records the order, the files, and which files are done (format: docs/file-encryption.md). The
/// content of a file does not depend on the journal, because each file is replaced atomically.
public struct RewrapJournal {
    private static let heading = FileHeading("keyctl-rewrap", version: 1)

    /// The changes to make in each file.
    public let order: RewrapOrder
    /// The paths of all files.
    public let files: [String]
    /// The paths of the files that are done.
    public private(set) var done: Set<String> = []
    private let log: AppendFile
    private var end = 0

    /// Returns whether this home has a journal.
    public static func exists(in home: Home) -> Bool { DurableFile.exists(home.rewrapJournalPath) }

    /// Creates a journal and writes it durably to disk.
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

    /// Reads the journal of an interrupted rewrap.
    ///
    /// Throws `EncryptedFileError` if there is none, or if it is damaged.
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

    /// Records that a file is done.
    public mutating func finish(_ file: String) throws {
        done.insert(file)
        let line = "done \(Base64.encode(Array(file.utf8)))"
        end = try log.append([Array(line.utf8)], at: end)
    }

    /// Removes the journal, after the last file.
    public func remove() throws { try DurableFile.remove(log.path) }
}
