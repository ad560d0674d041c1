import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// The signed statements of a text diagram.
///
///     A1 -> renew -> A2 -> A3
///                    | -> B3
///     B1 -> B2
///
/// A row begins with the first version of an identity, or with `|` below the place of another row
/// that it continues. Each arrow is a statement, which has the name of the word after it: a rotation
/// to a key, `renew` or `retire`. `ChainWord` has the marks of a word.
struct ChainDiagram {
    /// The end of a chain: what the next statement continues.
    private struct Place {
        let id: SHA256Digest
        let version: Int
        let key: String
        let previous: SHA256Digest
    }

    private static let time = Timestamp(seconds: 1_750_000_000)

    private var labels: [String] = []
    // The place of the nearest row above, by the column of its word.
    private var columns: [Int: Place] = [:]
    // The first place of each key.
    private var firsts: [String: Place] = [:]
    private var statements: [String: Statement] = [:]

    init(_ text: String) throws {
        for row in text.split(separator: "\n") { try read(row) }
    }

    private mutating func read(_ row: Substring) throws {
        var place: Place?
        for text in row.split(separator: " ") where text != "->" {
            let column = row.distance(from: row.startIndex, to: text.startIndex)
            if text == "|" {
                let above = try #require(columns[column], "no place above | in \(row)")
                place = above
                continue
            }
            let word = ChainWord(text)
            let next = if let place { try step(from: place, by: word) } else { try begin(word) }
            columns[column] = next
            if firsts[next.key] == nil { firsts[next.key] = next }
            place = next
        }
    }

    // MARK: Keys

    private mutating func key(_ label: String) throws -> RSAPrivateKey {
        if !labels.contains(label) { labels.append(label) }
        let index = try #require(labels.firstIndex(of: label))
        // The last key is the stranger's.
        try #require(index < TestKeys.all.count - 1, "a diagram has too many keys")
        return TestKeys.all[index]
    }

    private func stranger() throws -> RSAPrivateKey { try #require(TestKeys.all.last) }

    /// Returns a key as SubjectPublicKeyInfo.
    mutating func spki(_ label: String) throws -> [UInt8] {
        try key(label).publicKey.spkiDERRepresentation()
    }

    /// Returns the name of a key.
    func label(of spki: [UInt8]) throws -> String {
        for (label, key) in zip(labels, TestKeys.all) {
            let known = try key.publicKey.spkiDERRepresentation()
            if known == spki { return label }
        }
        return "?"
    }

    private mutating func id(_ label: String) throws -> SHA256Digest {
        SHA256Digest(hashing: try spki(label))
    }

    // MARK: Statements

    /// Returns the statement with this name: of an arrow, or `-A1`, the revocation of a key by
    /// itself, or `remove`, which only the owner of a registry may say.
    mutating func statement(_ text: String) throws -> Statement {
        if text == "remove" {
            return Statement(.remove(name: try KeyName("alice")), time: ChainDiagram.time)
        }
        if text.hasPrefix("-") { return try revocation(ChainWord(text.dropFirst())) }
        return try #require(statements[text], "the diagram has no statement \(text)")
    }

    private mutating func begin(_ word: ChainWord) throws -> Place {
        let id = try id(word.claim?.beginning ?? word.name)
        _ = try key(word.name)
        return Place(id: id, version: word.claim?.version ?? 1, key: word.name, previous: id)
    }

    private mutating func step(from place: Place, by word: ChainWord) throws -> Place {
        let statement =
            switch word.name {
            case "renew": try amendment(.renew(expires: nil), of: place, word)
            case "retire": try amendment(.retire, of: place, word)
            default: try rotation(from: place, word)
            }
        try #require(statements[word.text] == nil, "two statements have the name \(word.text)")
        statements[word.text] = statement
        let rotation = statement.rotation
        return Place(
            id: place.id,
            version: rotation?.to ?? place.version,
            key: rotation == nil ? place.key : word.name,
            previous: statement.leafHash
        )
    }

    private func time(_ word: ChainWord) -> Timestamp {
        word.isFromTheFuture ? .now.adding(seconds: 3_600) : ChainDiagram.time
    }

    private mutating func amendment(
        _ change: Amendment.Change,
        of place: Place,
        _ word: ChainWord
    ) throws -> Statement {
        try Amendment.statement(
            change,
            id: place.id,
            version: place.version,
            previous: place.previous,
            key: word.isForged ? stranger() : key(place.key),
            time: time(word)
        )
    }

    private mutating func rotation(from place: Place, _ word: ChainWord) throws -> Statement {
        let statement = try Rotation.statement(
            id: place.id,
            from: place.version,
            previous: place.previous,
            old: word.isForged ? stranger() : key(place.key),
            new: key(word.name),
            expires: nil,
            time: time(word)
        )
        guard word.isForged else { return statement }
        return try replacing(
            "old=" + Base64.encode(stranger().publicKey.spkiDERRepresentation()),
            with: "old=" + Base64.encode(try spki(place.key)),
            in: statement
        )
    }

    private mutating func revocation(_ word: ChainWord) throws -> Statement {
        let own = try key(word.name)
        var (id, version) = (try id(word.name), 1)
        if let claim = word.claim {
            (id, version) = (try self.id(claim.beginning), claim.version)
        } else if let place = firsts[word.name] {
            (id, version) = (place.id, place.version)
        }
        let statement = try Revocation.statement(
            id: id,
            version: version,
            key: word.isForged ? stranger() : own,
            since: nil,
            reason: "",
            time: time(word)
        )
        guard word.isForged else { return statement }
        return try replacing(
            "fingerprint=\(Fingerprint(of: stranger().publicKey))",
            with: "fingerprint=\(Fingerprint(of: own.publicKey))",
            in: statement
        )
    }

    private func replacing(
        _ old: String,
        with new: String,
        in statement: Statement
    ) throws -> Statement {
        let text = String(decoding: statement.line, as: UTF8.self)
        let forged = text.replacing(old, with: new)
        try #require(forged != text)
        return try Statement(line: Array(forged.utf8))
    }
}
