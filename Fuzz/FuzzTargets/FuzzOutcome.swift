/// The result of a decoder for an input.
public enum FuzzOutcome: Sendable, Equatable {
    /// The decoder threw an error, as it should for bytes that are not of its format.
    case refused
    /// The decoder decoded the input; the value is the content in a canonical form.
    case decoded([UInt8])
    /// The decoder contradicts itself; the value is the reason.
    case faulty(String)
}
