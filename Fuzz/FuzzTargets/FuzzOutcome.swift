/// What a decoder made of an input.
public enum FuzzOutcome: Sendable, Equatable {
    /// It threw an error, as it should for bytes that are not of its format.
    case refused
    /// It decoded the input; what it holds, in one spelling.
    case decoded([UInt8])
    /// The decoder contradicts itself; why.
    case faulty(String)
}
