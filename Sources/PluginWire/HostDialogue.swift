public import CryptoCore
internal import Stanzas

/// The questions that a plugin may ask while it answers a request.
///
/// Each waits for the host. Where the user gave up, it throws `PluginRefusal` with the code
/// `cancelled`; where nobody can be asked, with `unavailable`.
public final class HostDialogue {
    private let exchange: (PluginQuestion) throws -> PluginAnswer

    init(_ exchange: @escaping (PluginQuestion) throws -> PluginAnswer) {
        self.exchange = exchange
    }

    /// Shows a text, for example `touch the token`.
    public func show(_ message: String) throws { _ = try ask(.message(message)) }

    /// Shows how far the work is, and tells the host that the plugin is alive.
    public func showProgress(_ what: String = "", done: Int = 0, of total: Int = 0) throws {
        _ = try ask(.progress(what, done: done, total: total))
    }

    /// Asks for yes or no.
    public func confirm(_ question: String, yes: String, no: String? = nil) throws -> Bool {
        guard case .confirmed(let answer) = try ask(.confirm(question, yes: yes, no: no)) else {
            throw PluginRefusal(.unavailable, "nobody can be asked")
        }
        return answer
    }

    /// Asks for a line of text.
    public func askPublic(_ prompt: String) throws -> [UInt8] {
        try given(.askPublic(prompt)).publicBytes
    }

    /// Asks for a line that is not shown, for example a PIN.
    public func askSecret(_ prompt: String) throws -> SecretBytes {
        try given(.askSecret(prompt)).secret()
    }

    /// Has bytes signed, while a signature file is made; they must contain the digest.
    public func sign(_ bytes: [UInt8], _ scheme: SignatureScheme) throws -> [UInt8] {
        try given(.sign(scheme, bytes)).publicBytes
    }

    private func given(_ question: PluginQuestion) throws -> StanzaBody {
        guard case .given(let body) = try ask(question) else {
            throw PluginRefusal(.unavailable, "nobody can be asked")
        }
        return body
    }

    private func ask(_ question: PluginQuestion) throws -> PluginAnswer {
        switch try exchange(question) {
        case .cancel: throw PluginRefusal(.cancelled)
        case .fail: throw PluginRefusal(.unavailable, "nobody can be asked")
        case .unsupported: throw PluginRefusal(.unavailable, "the host cannot ask this")
        case let answer: return answer
        }
    }
}
