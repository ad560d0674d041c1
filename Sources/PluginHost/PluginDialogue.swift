public import CryptoCore

/// What the host asks the user for a plugin: the host owns the terminal.
///
/// Each question is shown with the plugin's name, so that no plugin can ask in keyctl's name. An
/// answer is never a passphrase of the keystore. Functions are called on the thread that needs the
/// plugin, and throw `PluginCancellation` where the user gave up.
public protocol PluginDialogue: Sendable {
    /// Shows a text.
    func show(_ text: String, of plugin: String)
    /// Shows how far the work is; a total of 0 is unknown.
    func showProgress(_ text: String, done: Int, total: Int, of plugin: String)
    /// Asks for yes or no; `nil` where nobody can be asked.
    func confirm(_ text: String, yes: String, no: String?, of plugin: String) throws -> Bool?
    /// Asks for a line; `nil` where nobody can be asked.
    func askPublic(_ prompt: String, of plugin: String) throws -> [UInt8]?
    /// Asks for a line that is not shown; `nil` where nobody can be asked.
    func askSecret(_ prompt: String, of plugin: String) throws -> Passphrase?
}

/// The user gave up at a question.
public struct PluginCancellation: Error {
    /// It has no content.
    public init() {}
}

/// Nobody can be asked.
public struct SilentDialogue: PluginDialogue {
    /// It has no content.
    public init() {}

    /// Shows nothing.
    public func show(_ text: String, of plugin: String) {}
    /// Shows nothing.
    public func showProgress(_ text: String, done: Int, total: Int, of plugin: String) {}
    /// Answers nothing.
    public func confirm(
        _ text: String,
        yes: String,
        no: String?,
        of plugin: String
    ) throws -> Bool? { nil }
    /// Answers nothing.
    public func askPublic(_ prompt: String, of plugin: String) throws -> [UInt8]? { nil }
    /// Answers nothing.
    public func askSecret(_ prompt: String, of plugin: String) throws -> Passphrase? { nil }
}
