/// What a registered person may do in a chat.
public enum Role: String, Sendable, CaseIterable {
    /// Takes part.
    case member
    /// May also shut the server down.
    case admin
    /// The identity that a server runs under: nobody's default, and no room's member.
    case server
}
