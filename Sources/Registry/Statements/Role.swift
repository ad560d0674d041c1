/// The role of a registered identity in a chat.
public enum Role: String, Sendable, CaseIterable {
    /// An ordinary member.
    case member
    /// A member that may also shut the server down.
    case admin
    /// The identity of a server. It is never a default identity, and never a member of a room.
    case server
}
