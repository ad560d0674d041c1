public import CryptoCore

/// What a host answers a plugin.
public enum PluginAnswer: ~Copyable, Sendable {
    /// Done, or shown.
    case done
    /// The text that was typed.
    case text(SecretBytes)
    /// The choice.
    case choice(Bool)
    /// The user could not be asked, or did not answer.
    case failed
    /// The command is not known.
    case unsupported

    /// The answer as a message.
    consuming func frame() -> PluginFrame {
        switch consume self {
        case .done: PluginFrame("ok")
        case .text(let bytes): PluginFrame("ok", body: bytes)
        case .choice(let isYes): PluginFrame("ok", [isYes ? "yes" : "no"])
        case .failed: PluginFrame("fail")
        case .unsupported: PluginFrame("unsupported")
        }
    }
}
