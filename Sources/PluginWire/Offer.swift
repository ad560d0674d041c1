public import CryptoCore
public import Stanzas

/// One thing that a plugin adds to a table of keyctl.
public struct Offer: Sendable, Hashable {
    /// The table, and what it must know.
    public enum Capability: Sendable, Hashable {
        /// A place where private keys are kept.
        case provider
        /// A format of key files.
        case format(FormatOffer)
        /// A format of signatures.
        case signature(SignatureOffer)
        /// A source of passphrases.
        case secret
        /// An exporter of the registry's keys.
        case export

        /// The name in the protocol, such as `format-v1`.
        public var name: String {
            switch self {
            case .provider: "provider-v1"
            case .format: "format-v1"
            case .signature: "signature-v1"
            case .secret: "secret-v1"
            case .export: "export-v1"
            }
        }
    }

    /// The table.
    public let capability: Capability
    /// The id, by which users name it.
    public let id: OfferID
    /// What it is, in at most 80 characters.
    public let title: String

    /// Makes an offer; the title has 1 to 80 characters without control characters.
    public init(_ capability: Capability, _ id: OfferID, title: String) {
        precondition(Offer.isTitle(title), "not a title")
        self.capability = capability
        self.id = id
        self.title = title
    }

    /// Returns whether a text can be a title.
    public static func isTitle(_ text: String) -> Bool {
        (1...PluginLimits.titleCharacterCount).contains(text.count)
            && text.utf8.count <= PluginLimits.labelByteCount
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

/// What a key format can hold.
public struct FormatOffer: Sendable, Hashable {
    /// One thing that the plugin can do with files of the format.
    public enum Content: String, Sendable, CaseIterable {
        /// It reads public keys.
        case readPublic = "read-public"
        /// It reads private keys.
        case readPrivate = "read-private"
        /// It writes a public key.
        case writePublic = "write-public"
        /// It writes a private key.
        case writePrivate = "write-private"
        /// The files are text.
        case text
    }

    /// The usual file extension, without the dot: 1 to 16 small letters and digits.
    public let fileExtension: String
    /// What the plugin can do.
    public let content: Set<Content>

    /// Describes a format; `nil` if the extension breaks its rule.
    public init?(fileExtension: String, content: Set<Content>) {
        guard (1...16).contains(fileExtension.utf8.count),
            fileExtension.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else { return nil }
        self.fileExtension = fileExtension
        self.content = content
    }
}

/// What a signature format says in its files.
public struct SignatureOffer: Sendable, Hashable {
    /// One property of a signature format.
    public enum Flag: String, Sendable, CaseIterable {
        /// The files are text.
        case text
        /// A signature says what it is for.
        case namespace
        /// A signature says which key made it.
        case namesKey = "names-key"
    }

    /// The hash of the content.
    public let hash: HashAlgorithm
    /// The properties.
    public let flags: Set<Flag>

    /// Describes a signature format.
    public init(hash: HashAlgorithm, flags: Set<Flag>) {
        self.hash = hash
        self.flags = flags
    }
}

// MARK: The frame

extension Offer {
    static let type = "offer"

    /// The frame.
    public var stanza: Stanza {
        let fields: [String]
        switch capability {
        case .provider, .secret, .export: fields = []
        case .format(let format):
            fields = [format.fileExtension] + format.content.map(\.rawValue).sorted()
        case .signature(let signature):
            fields = [signature.hash.rawValue] + signature.flags.map(\.rawValue).sorted()
        }
        return Stanza(
            Offer.type,
            [capability.name, id.description] + fields,
            body: StanzaBody(Array(title.utf8))
        )
    }

    /// Reads an offer of a plugin; `nil` if its capability is one of a later time.
    ///
    /// Throws `WireError` if the frame has a wrong form.
    public init?(_ stanza: Stanza) throws(WireError) {
        var words = Words(stanza)
        let name = try words.word("capability")
        let capability: Capability
        let id = try words.id()
        switch name {
        case Capability.provider.name: capability = .provider
        case Capability.secret.name: capability = .secret
        case Capability.export.name: capability = .export
        case "format-v1":
            let fileExtension = try words.word("extension")
            let content = Set(words.remaining.compactMap(FormatOffer.Content.init))
            guard let format = FormatOffer(fileExtension: fileExtension, content: content) else {
                throw WireError.form(stanza.type, "extension")
            }
            capability = .format(format)
        case "signature-v1":
            guard let hash = HashAlgorithm(rawValue: try words.word("hash")) else {
                throw WireError.form(stanza.type, "hash")
            }
            let flags = Set(words.remaining.compactMap(SignatureOffer.Flag.init))
            capability = .signature(SignatureOffer(hash: hash, flags: flags))
        default: return nil
        }
        let title = try stanza.text()
        guard Offer.isTitle(title) else { throw WireError.form(stanza.type, "title") }
        self.init(capability, id, title: title)
    }
}
