/// The bounds of what a reader accepts.
public struct StanzaLimits: Sendable {
    /// The largest first line, in bytes, without its line feed.
    public let lineByteCount: Int
    /// The largest number of arguments, with the type.
    public let argumentCount: Int
    /// The largest body, in bytes.
    public let bodyByteCount: Int

    /// Stores the bounds.
    public init(lineByteCount: Int, argumentCount: Int, bodyByteCount: Int) {
        precondition(lineByteCount >= Stanza.lineCharacterCount)
        self.lineByteCount = lineByteCount
        self.argumentCount = argumentCount
        self.bodyByteCount = bodyByteCount
    }
}
