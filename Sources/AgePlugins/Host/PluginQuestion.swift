/// What a plugin asks of the user.
public enum PluginQuestion: Equatable, Sendable {
    /// A message to show.
    case message(String)
    /// A choice; `no` may be missing.
    case confirmation(String, yes: String, no: String?)
    /// Something that may be seen while it is typed.
    case publicText(String)
    /// A passphrase or a PIN.
    case secret(String)
}
