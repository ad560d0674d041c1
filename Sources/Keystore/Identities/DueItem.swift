internal import KeyFormats

/// One thing that a policy or a date asks for.
public struct DueItem: Encodable, Equatable, Sendable {
    /// The identity's name.
    public let name: String
    /// What kind of thing it is: `rotate`, `expires` or `purge`.
    public let kind: String
    /// The moment from which on it is due.
    public let since: String
    /// What is due, in words.
    public let what: String
    /// The command that does it.
    public let command: String
}
