/// A message of the user, from the input until it is acknowledged or refused.
public struct SentMessage: Sendable, Equatable {
    /// The id, which stays the same when the message is sent again.
    public let id: [UInt8]
    /// The text of the message.
    public let text: String
    /// The name that the calling program gave it, which is returned with the answer.
    public let reference: String?
}
