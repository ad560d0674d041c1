package import Registry

/// What a client's session wants done; the shell around it carries it out, in order.
package enum ClientAction {
    /// Send a frame.
    case send(WireFrame)
    /// Show something.
    case show(ClientEvent)
    /// Append lines to the stored copy of the server's registry, where it has this many lines.
    case keepRegistry(after: Int, [Statement], note: [UInt8])
    /// Everything up to here was shown: to be remembered before anything else is shown.
    case reached(LogPosition)
    /// Remember what the user was told of the room.
    case keepView(RoomView)
    /// End: nothing more is to be expected.
    case finish(ChatError?)
}
