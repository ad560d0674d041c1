extension WireFrame {
    /// Tells the server that the client has shown everything up to an entry.
    package static func received(_ seq: UInt64) -> WireFrame {
        var frame = WireFrame()
        frame.received.seq = seq
        return frame
    }

    /// Asks whether the other side is still there.
    package static var ping: WireFrame {
        var frame = WireFrame()
        frame.ping = WirePing()
        return frame
    }
}
