public import CryptoCore
public import KeyFormats
public import PluginWire

/// What the home records of a program that the user trusts.
public struct TrustedProgram: Sendable, Hashable {
    /// What the copy is called.
    public let name: ProgramName
    /// SHA-256 of the copy.
    public let digest: SHA256Digest
    /// When it was trusted, or updated last.
    public let time: Timestamp
    /// The file that was copied.
    public let source: String
    /// Whose signature updates need; `nil`: there are none.
    public let signer: KeyName?
    /// The variables of the user's environment that the plugin gets.
    public let variables: [String]
    /// The plugin's own version; `-` for a command.
    public let software: String
    /// What the plugin adds, as it said when it was trusted.
    public let offers: [Offer]
}
