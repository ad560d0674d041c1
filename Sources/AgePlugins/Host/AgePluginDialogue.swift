public import CryptoCore

/// The terminal of a host: it shows lines, and reads what the user types.
///
/// The host composes the texts. They have no control characters of a plugin.
public protocol AgePluginDialogue {
    /// Whether there is a user to ask.
    var isThere: Bool { get }
    /// Shows a line; `false` where nobody can see it.
    func show(_ line: String) -> Bool
    /// Asks for a line that may be seen; `nil` where nobody can be asked.
    func line(_ prompt: String) -> String?
    /// Asks for a passphrase or a PIN, which is not shown while it is typed; `nil` where nobody can
    /// be asked.
    ///
    /// Throws where the user breaks off. That ends the conversation and the plugin.
    func secret(_ prompt: String) throws -> SecretBytes?
}
