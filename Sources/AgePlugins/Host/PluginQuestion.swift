internal import AgeFiles
internal import PluginProcess

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

extension PluginQuestion {
    /// The question as the user sees it.
    func prompt(from plugin: AgePluginName) -> PluginPrompt {
        switch self {
        case .message(let text), .publicText(let text), .secret(let text):
            PluginPrompt(text, from: plugin.program)
        case .confirmation(let text, let yes, let no):
            PluginPrompt(text, yes: yes, no: no, from: plugin.program)
        }
    }
}
