public import Stanzas

/// A plugin's answer that it did not do what was asked.
public struct PluginRefusal: Error, Sendable, Hashable {
    static let type = "error"

    /// The reason, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// There is no key of this reference, or no entry of this kind.
        case notFound = "not-found"
        /// The bytes are not of this format.
        case notMine = "not-mine"
        /// The request's data are damaged or out of bounds.
        case invalid
        /// The plugin, or the device, cannot do this.
        case unsupported
        /// The device or the program behind the plugin cannot be reached.
        case unavailable
        /// A PIN or a passphrase was wrong.
        case wrongSecret = "wrong-secret"
        /// The device refuses further PINs.
        case locked
        /// The user or a policy said no.
        case refused
        /// The host cancelled a question.
        case cancelled
        /// Everything else.
        case `internal`
    }

    /// The reason, for programs.
    public let code: Code
    /// The reason, for people; may be empty.
    public let text: String

    /// Makes an answer; the text is cut after 1,000 characters.
    public init(_ code: Code, _ text: String = "") {
        self.code = code
        self.text = String(text.prefix(PluginLimits.errorCharacterCount))
    }

    /// The frame.
    public var stanza: Stanza {
        Stanza(PluginRefusal.type, [code.rawValue], body: StanzaBody(Array(text.utf8)))
    }

    init(_ stanza: Stanza) throws(WireError) {
        var words = Words(stanza)
        let code = Code(rawValue: try words.word("code")) ?? .internal
        // Whatever bytes a failing program writes, the reason is shown as far as it is text.
        self.init(code, String(decoding: stanza.body.publicBytes.prefix(16 << 10), as: UTF8.self))
    }
}
