/// What a user can ask the server for.
package enum ClientRequest: Sendable {
    /// Older messages; `nil`: as many as the server says.
    case history(Int?)
    /// Who is here.
    case who
    /// The end of the server.
    case shutdown
    /// The server's settings, read again.
    case reload
}
