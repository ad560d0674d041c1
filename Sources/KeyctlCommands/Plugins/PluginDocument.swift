internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import PluginHost
internal import PluginProcess
internal import PluginWire

/// A trusted or installed program, printed in full.
struct PluginDocument: CommandResult {
    struct Item: Encodable {
        let kind: String
        let id: String
        let title: String
        let capabilities: [String]

        init(_ offer: Offer) {
            let (kind, words) = PluginEntry.words(of: offer.capability)
            self.kind = kind
            id = offer.id.description
            title = offer.title
            capabilities = words
        }
    }

    let version = 1
    let file: String
    let standing: String
    let path: String
    let sha256: String?
    let software: String?
    let trusted: String?
    let signer: String?
    let variables: [String]
    let offers: [Item]
    /// Whether the kernel hides keyctl's home from plugins.
    let homeIsHidden: Bool
    private let verb: String?

    enum CodingKeys: CodingKey {
        case version, file, standing, path, sha256, software, trusted, signer, variables, offers,
            homeIsHidden
    }

    init(_ summary: PluginSummary, _ greeting: PluginGreeting?) {
        let record = summary.record
        file = summary.name.description
        standing = summary.standing.rawValue
        path = record?.source ?? summary.path
        sha256 = record.map { "\($0.digest)" }
        software = greeting?.software ?? record?.software
        trusted = record.map { "\($0.time)" }
        signer = record?.signer?.description
        variables = record?.variables ?? []
        offers = (greeting?.offers ?? summary.offers).map(Item.init)
        homeIsHidden = HiddenFolder.landlockVersion > 0
        verb = nil
    }

    /// A program that was trusted or updated just now.
    init(_ record: TrustedProgram, verb: String) {
        file = record.name.description
        standing = PluginSummary.Standing.trusted.rawValue
        path = record.source
        sha256 = "\(record.digest)"
        software = record.software
        trusted = "\(record.time)"
        signer = record.signer?.description
        variables = record.variables
        offers = record.offers.map(Item.init)
        homeIsHidden = HiddenFolder.landlockVersion > 0
        self.verb = verb
    }

    func printText() {
        Report.result("\(verb.map { "\($0) " } ?? "")\(file), \(verb == nil ? standing : path)")
        if verb == nil { Report.result("  file         \(path)") }
        if let sha256 { Report.result("  sha256       \(sha256)") }
        if let software { Report.result("  version      \(software)") }
        if let signer { Report.result("  updates by   \(signer)") }
        if !variables.isEmpty {
            Report.result("  variables    \(variables.joined(separator: ", "))")
        }
        for offer in offers {
            let words = offer.capabilities.joined(separator: ", ")
            Report.result("  \(offer.kind)  \(offer.id): \(offer.title) (\(words))")
        }
        if file.hasPrefix("keyctl-plugin-"), !homeIsHidden {
            Report.note(
                "this kernel has no Landlock: the plugin can read the files of the home that you "
                    + "can read"
            )
        }
    }
}
