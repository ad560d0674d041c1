internal import AgentClient
internal import CommandSupport
internal import KeyFormats

/// A hint after a key went out of use.
enum AgentKeyHint {
    /// Says how a key leaves the agent, if the agent still holds it.
    static func print(_ keyDER: [UInt8], of name: KeyName) {
        guard AgentKeys()?.holds(keyDER) == true else { return }
        Report.note("the agent still holds the key; remove it: keyctl agent remove \(name)")
    }
}
