/// A message of one's own, from the moment it is said until it is acknowledged or refused.
public struct SentMessage: Sendable, Equatable {
    /// The id that it keeps, also where it is sent again.
    public let id: [UInt8]
    /// What was said.
    public let text: String
    /// The name that the calling program gave it, which comes back with its answer.
    public let reference: String?
}
