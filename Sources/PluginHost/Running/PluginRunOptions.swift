/// How plugins are run in one command.
public struct PluginRunOptions: Sendable {
    /// The bounds of `KEYCTL_PLUGIN_TIMEOUT`, in seconds.
    public static let timeoutSeconds = 1...600

    /// Answers the questions.
    public var dialogue: any PluginDialogue
    /// How long a plugin may be silent.
    public var silence = Duration.seconds(30)
    /// The same while a device may be busy or wait for a person.
    public var slowSilence = Duration.seconds(120)
    /// How long one request may take, without the time at questions.
    public var requestTime = Duration.seconds(600)
    /// How long a plugin may take to end.
    public var endingTime = Duration.seconds(2)
    /// Gets each line of the conversation, without secrets.
    public var trace: (@Sendable (String) -> Void)?

    /// The protocol's limits.
    public init(dialogue: any PluginDialogue) { self.dialogue = dialogue }
}
