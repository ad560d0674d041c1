internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import PluginWire
internal import Stanzas

/// The file of trusted programs, `plugins/trusted` in the home: a value without I/O.
///
/// docs/keystore-format.md has the format. Each content has one spelling.
public struct TrustBook: Sendable, Equatable {
    static let heading = FileHeading("keyctl-plugins", version: 1)
    static let largestByteCount = 4 << 20
    private static let none = "-"

    /// The programs, sorted by file name.
    public private(set) var programs: [TrustedProgram] = []
    /// Which passphrase source an identity has.
    public private(set) var bindings: [KeyName: OfferID] = [:]

    init() {}

    /// The program of this name.
    public func program(_ name: ProgramName) -> TrustedProgram? {
        programs.first { $0.name == name }
    }

    /// The plugin whose recorded offers have this id, and the offer.
    func offer(
        _ id: some StringProtocol,
        _ isWanted: (Offer.Capability) -> Bool
    ) -> (program: TrustedProgram, offer: Offer)? {
        for program in programs {
            let offer = program.offers.first { $0.id.description == id && isWanted($0.capability) }
            if let offer { return (program, offer) }
        }
        return nil
    }

    mutating func put(_ program: TrustedProgram) {
        programs.removeAll { $0.name == program.name }
        programs.append(program)
        programs.sort { $0.name.description < $1.name.description }
    }

    mutating func remove(_ name: ProgramName) {
        let ids = Set(program(name)?.offers.map(\.id) ?? [])
        programs.removeAll { $0.name == name }
        bindings = bindings.filter { !ids.contains($0.value) }
    }

    mutating func bind(_ identity: KeyName, to id: OfferID?) { bindings[identity] = id }
}

// MARK: The file

extension TrustBook {
    var encoded: [UInt8] {
        var lines = [TrustBook.heading.description]
        for program in programs {
            lines.append(
                [
                    "program", program.name.description, "\(program.digest)", "\(program.time)",
                    program.signer?.description ?? TrustBook.none,
                    program.variables.isEmpty
                        ? TrustBook.none : program.variables.joined(separator: ","),
                    program.software, Base64.encode(Array(program.source.utf8)),
                ].joined(separator: " ")
            )
            for offer in program.offers {
                let stanza = offer.stanza
                let title = Base64.encode(stanza.body.publicBytes)
                lines.append((["offer", title] + stanza.arguments).joined(separator: " "))
            }
        }
        for (identity, id) in bindings.sorted(by: { $0.key < $1.key }) {
            lines.append("bind \(identity) \(id)")
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Reads a file; throws `PluginHostError` if it differs from what this type would write.
    init(_ bytes: [UInt8], path: String) throws {
        try TrustBook.heading.requireKnownVersion(bytes, path: path)
        let damaged = PluginHostError.damagedRecords(path)
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
                .map(String.init)
            switch words[0] {
            case "program":
                guard let program = TrustBook.program(words) else { throw damaged }
                programs.append(program)
            case "offer":
                guard let last = programs.popLast(), let offer = TrustBook.offer(words) else {
                    throw damaged
                }
                programs.append(last.adding(offer))
            case "bind":
                guard words.count == 3, let identity = try? KeyName(words[1]),
                    let id = OfferID(words[2])
                else { throw damaged }
                bindings[identity] = id
            default: throw damaged
            }
        }
        var ids: Set<OfferID> = []
        for program in programs {
            let offered = Set(program.offers.map(\.id))
            // A plugin may give several of its offers one id, but never that of another plugin.
            guard ids.isDisjoint(with: offered),
                offered.allSatisfy({ $0.belongs(to: program.name.name) }),
                program.variables.allSatisfy(PluginLauncher.allows)
            else { throw damaged }
            ids.formUnion(offered)
        }
        guard encoded == bytes, Set(programs.map(\.name)).count == programs.count else {
            throw damaged
        }
    }

    private static func program(_ words: [String]) -> TrustedProgram? {
        guard words.count == 8, let name = ProgramName(fileName: words[1]),
            let digest = SHA256Digest(hexadecimal: words[2]), let time = try? Timestamp(words[3]),
            let source = Base64.decode(words[7])
        else { return nil }
        let signer = try? KeyName(words[4])
        guard signer != nil || words[4] == none else { return nil }
        return TrustedProgram(
            name: name,
            digest: digest,
            time: time,
            source: String(decoding: source, as: UTF8.self),
            signer: signer,
            variables: words[5] == none ? [] : words[5].split(separator: ",").map(String.init),
            software: words[6],
            offers: []
        )
    }

    private static func offer(_ words: [String]) -> Offer? {
        guard words.count >= 4, let title = Base64.decode(words[1]),
            words.dropFirst(2).allSatisfy(Stanza.isArgument)
        else { return nil }
        let stanza = Stanza("offer", Array(words.dropFirst(2)), body: StanzaBody(title))
        return (try? Offer(stanza)) ?? nil
    }
}

extension TrustedProgram {
    fileprivate func adding(_ offer: Offer) -> TrustedProgram {
        TrustedProgram(
            name: name,
            digest: digest,
            time: time,
            source: source,
            signer: signer,
            variables: variables,
            software: software,
            offers: offers + [offer]
        )
    }
}
