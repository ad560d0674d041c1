/// How a program ended.
public enum PluginEnding: Equatable, Sendable {
    /// By itself, with this status; 0 means success.
    case exited(Int32)
    /// By this signal of somebody else.
    case signaled(Int32)
    /// We stopped it, because it did not end by itself.
    case stopped
}
