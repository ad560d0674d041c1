public import Stanzas

/// The host's answer to a question.
public enum PluginAnswer: Sendable {
    /// The message was shown.
    case shown
    /// The user confirmed, or did not.
    case confirmed(Bool)
    /// What the user typed, or a signature.
    case given(StanzaBody)
    /// Nobody can be asked, or the host refuses.
    case fail
    /// The user gave up.
    case cancel
    /// The host does not know the question.
    case unsupported

    /// The frame.
    public var stanza: Stanza {
        switch self {
        case .shown: Stanza("ok")
        case .confirmed(let yes): Stanza("ok", [yes ? "yes" : "no"])
        case .given(let body): Stanza("ok", body: body)
        case .fail: Stanza("fail")
        case .cancel: Stanza("cancel")
        case .unsupported: Stanza("unsupported")
        }
    }

    init(_ stanza: Stanza, to question: PluginQuestion) throws(WireError) {
        switch stanza.type {
        case "ok":
            switch question {
            case .message, .progress, .unknown: self = .shown
            case .askPublic, .askSecret, .sign: self = .given(stanza.body)
            case .confirm:
                var words = Words(stanza)
                switch try words.word("choice") {
                case "yes": self = .confirmed(true)
                case "no": self = .confirmed(false)
                default: throw WireError.form(stanza.type, "choice")
                }
            }
        case "fail": self = .fail
        case "cancel": self = .cancel
        case "unsupported": self = .unsupported
        default: throw WireError.violation("the frame \"\(stanza.type)\" is no answer")
        }
    }
}
