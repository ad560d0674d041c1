public import KeyFormats

/// The server's address and name, and how the client connects, reads and asks.
public struct ClientConfiguration: Sendable {
    /// The server's address: a host name or an IP address.
    public var host: String
    /// The server's TCP port.
    public var port: Int
    /// The server's name in the user's own registry.
    public var serverName: KeyName
    /// Whether messages are encrypted only to keys that the user imported by hand.
    public var pinnedOnly: Bool
    /// The name of the reader whose position is stored.
    ///
    /// With `nil`, only entries after the login are shown, and no position is stored.
    public var reader: String?
    /// Whether the user can answer questions; then waiting messages are held until the user agrees
    /// to new readers.
    public var isAttended: Bool
    /// Whether the client tries without end to reach a server that it has not reached yet.
    public var waitsForServer: Bool
    /// Whether the client tries without end after a loss; otherwise it tries for ten minutes.
    public var reconnectsForever: Bool

    /// Names a server; the options have their default values.
    public init(
        host: String,
        port: Int,
        serverName: KeyName,
        pinnedOnly: Bool = false,
        reader: String? = nil,
        isAttended: Bool = false,
        waitsForServer: Bool = false,
        reconnectsForever: Bool = false
    ) {
        self.host = host
        self.port = port
        self.serverName = serverName
        self.pinnedOnly = pinnedOnly
        self.reader = reader
        self.isAttended = isAttended
        self.waitsForServer = waitsForServer
        self.reconnectsForever = reconnectsForever
    }
}
