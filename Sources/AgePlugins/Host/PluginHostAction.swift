/// What a host does after a message of a plugin.
public enum PluginHostAction: ~Copyable, Sendable {
    /// It sends an answer.
    case answer(PluginAnswer)
    /// It asks the user, and sends what they say.
    case ask(PluginQuestion)
    /// It ends the conversation.
    case finish
}
