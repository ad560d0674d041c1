public import AgeFiles
public import CryptoCore

/// What a host asks of the program around it: the user's answers to a plugin.
///
/// Texts are one line, without control characters. `nil` and `false` mean that nobody can be asked.
public protocol AgePluginDialogue {
    /// Shows a message.
    func show(_ message: String, from plugin: AgePluginName) -> Bool
    /// Asks for a choice; without `no` there is only one.
    func confirm(_ message: String, yes: String, no: String?, from plugin: AgePluginName) -> Bool?
    /// Asks for something that may be seen.
    func publicText(_ message: String, from plugin: AgePluginName) -> String?
    /// Asks for a passphrase or a PIN, which is not shown while it is typed.
    func secret(_ message: String, from plugin: AgePluginName) -> SecretBytes?
}
