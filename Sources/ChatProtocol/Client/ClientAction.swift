package import Registry

/// An instruction of the `Session` to the code around it, which carries out the actions in order.
package enum ClientAction {
    /// Send a frame to the server.
    case send(WireFrame)
    /// Show an event to the user.
    case show(ClientEvent)
    /// Append lines to the stored copy of the server's registry, after its first `after` lines.
    case keepRegistry(after: Int, [Statement], note: [UInt8])
    /// Store this position, after all events before it were shown.
    case reached(LogPosition)
    /// Store the room view that the user was shown.
    case keepView(RoomView)
    /// End the session, with an error or without one.
    case finish(ChatError?)
}
