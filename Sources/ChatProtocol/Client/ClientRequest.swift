/// A request of the user to the server.
package enum ClientRequest: Sendable {
    /// Older messages: this number of them, or the server's default for `nil`.
    case history(Int?)
    /// The list of connected members.
    case who
    /// That the server shuts down.
    case shutdown
    /// That the server reads its settings again.
    case reload
}
