internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import KeyFormats
internal import Registry

/// The file `identity`: how it is written and read (docs/keystore-format.md).
extension IdentityRecord {
    var encoded: [UInt8] {
        let isSealed = keysElsewhere.isEmpty
        var text = Array(
            """
            \(isSealed ? IdentityRecord.sealedHeading : IdentityRecord.heading)
            name \(name)
            use \(isServer ? "server" : "person")
            sealed \(sealedNumber)
            comment \(Base64.encode(Array(comment.utf8)))
            policy \(policy.text)
            pending \(pendingText)
            destroyed \(destroyedText)

            """.utf8
        )
        if !isSealed { text += Array("keys \(placesText)\n".utf8) }
        for statement in [registration] + chain { text += statement.line + [UInt8(ascii: "\n")] }
        return text
    }

    private var pendingText: String {
        if isPending { return "first" }
        guard let pending else { return "-" }
        return "\(pending.since) \(pending.expires?.description ?? "-") "
            + Base64.encode(pending.keyDER)
    }

    private var placesText: String {
        keyVersions.map { "\($0)=\(place(of: $0).text)" }.joined(separator: ",")
    }

    private var destroyedText: String {
        guard !destroyed.isEmpty else { return "-" }
        return destroyed.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
    }

    init(_ bytes: [UInt8], path: String) throws {
        try IdentityRecord.heading.requireKnownVersion(bytes, path: path)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func damaged(_ why: String) -> KeystoreError { KeystoreError.damaged(path, why) }
        let namesPlaces = lines[0] == IdentityRecord.heading.description
        let heading = namesPlaces ? IdentityRecord.heading : IdentityRecord.sealedHeading
        // The heading and its fields; then come at least one statement and the end of its line.
        let headLineCount = namesPlaces ? 9 : 8
        guard lines.count >= headLineCount + 2, lines[0] == heading.description, lines.last == ""
        else { throw damaged("its layout is not that of \(heading)") }
        func field(_ index: Int, _ name: String) throws -> String {
            guard lines[index].hasPrefix(name + " ") else {
                throw damaged("its field \"\(name)\" is missing")
            }
            return String(lines[index].dropFirst(name.utf8.count + 1))
        }
        let use = try field(2, "use")
        guard let sealed = Int(try field(3, "sealed")),
            IdentityRecord.sealedNumbers.contains(sealed),
            use == "person" || use == "server",
            let comment = Base64.decode(try field(4, "comment")),
            let policy = RotationPolicy(try field(5, "policy")),
            let destroyed = IdentityRecord.destroyed(try field(7, "destroyed")),
            let places = namesPlaces ? IdentityRecord.places(try field(8, "keys")) : [:]
        else { throw damaged("its fields cannot be read") }
        do {
            let name = try KeyName(field(1, "name"))
            let statements = try lines[headLineCount..<(lines.count - 1)].map {
                try Statement(line: Array($0.utf8))
            }
            switch statements[0].act {
            case .register(name, _, _), .replace(name, _, _): break
            default: throw damaged("it does not begin with a registration")
            }
            let pending = try field(6, "pending")
            try self.init(
                name: name,
                isServer: use == "server",
                comment: String(decoding: comment, as: UTF8.self),
                sealedNumber: sealed,
                registration: statements[0],
                chain: Array(statements.dropFirst()),
                policy: policy,
                isPending: pending == "first",
                destroyed: destroyed,
                placesElsewhere: places
            )
            if pending != "first", pending != "-" {
                self.pending = IdentityRecord.pending(pending, number: identity.latest.number + 1)
            }
        } catch let error as KeystoreError {
            throw error
        } catch let error as any ReportableError {
            throw damaged(error.message)
        }
        guard encoded == bytes else { throw damaged("it is not written in its canonical form") }
    }

    private static func pending(_ text: String, number: Int) -> Pending? {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 3, let since = try? Timestamp(fields[0]),
            let key = Base64.decode(fields[2])
        else { return nil }
        let expires = fields[1] == "-" ? nil : try? Timestamp(fields[1])
        return Pending(number: number, keyDER: key, since: since, expires: expires)
    }

    /// Reads where keys are kept; `nil` where that cannot be read.
    ///
    /// That every version is named, and once, follows from the file's one spelling.
    private static func places(_ text: String) -> [Int: KeyPlace]? {
        var places: [Int: KeyPlace] = [:]
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0]), let place = KeyPlace(parts[1])
            else { return nil }
            places[number] = place == .sealed ? nil : place
        }
        return places
    }

    private static func destroyed(_ text: String) -> [Int: Timestamp]? {
        var destroyed: [Int: Timestamp] = [:]
        for item in text == "-" ? [] : text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0]),
                let time = try? Timestamp(parts[1])
            else { return nil }
            destroyed[number] = time
        }
        return destroyed
    }
}
