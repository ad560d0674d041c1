public import CryptoCore
public import Stanzas

/// What a plugin asks of its host while a request is open.
public enum PluginQuestion: Sendable, Hashable {
    /// Show a text.
    case message(String)
    /// Ask for yes or no; labels of the choices.
    case confirm(String, yes: String, no: String?)
    /// Ask for a line.
    case askPublic(String)
    /// Ask for a line that is not shown.
    case askSecret(String)
    /// Show how far the work is; a total of 0 is unknown.
    case progress(String, done: Int, total: Int)
    /// Sign bytes, which contain the digest of the user's file.
    case sign(SignatureScheme, [UInt8])
    /// A question of a later time.
    case unknown(String)

    /// The frame.
    public var stanza: Stanza {
        func text(_ text: String) -> StanzaBody { StanzaBody(Array(text.utf8)) }
        return switch self {
        case .message(let message): Stanza("message", body: text(message))
        case .confirm(let question, let yes, let no):
            Stanza(
                "confirm",
                [Words.encode(yes)] + (no.map { [Words.encode($0)] } ?? []),
                body: text(question)
            )
        case .askPublic(let prompt): Stanza("ask-public", body: text(prompt))
        case .askSecret(let prompt): Stanza("ask-secret", body: text(prompt))
        case .progress(let what, let done, let total):
            Stanza("progress", [String(done), String(total)], body: text(what))
        case .sign(let scheme, let bytes):
            Stanza("sign", [scheme.pluginName], body: StanzaBody(bytes))
        case .unknown(let type): Stanza(type)
        }
    }

    init(_ stanza: Stanza) throws(WireError) {
        var words = Words(stanza)
        switch stanza.type {
        case "message": self = .message(try stanza.text())
        case "confirm":
            let yes = try words.text("label")
            self = .confirm(try stanza.text(), yes: yes, no: try words.optionalText("label"))
        case "ask-public": self = .askPublic(try stanza.text())
        case "ask-secret": self = .askSecret(try stanza.text())
        case "progress":
            let done = try words.number("number")
            self = .progress(try stanza.text(), done: done, total: try words.number("number"))
        case "sign":
            guard let scheme = SignatureScheme(pluginName: try words.word("scheme")) else {
                throw WireError.form(stanza.type, "scheme")
            }
            self = .sign(
                scheme,
                try stanza.bytes("bytes to sign", limit: PluginLimits.signedByteCount)
            )
        default: self = .unknown(stanza.type)
        }
    }
}
