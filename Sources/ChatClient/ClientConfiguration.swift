public import KeyFormats

/// Where to connect, and whom to believe.
public struct ClientConfiguration: Sendable {
    /// The server's address.
    public var host: String
    /// The server's port.
    public var port: Int
    /// The server's name in one's own registry.
    public var serverName: KeyName
    /// Whether to encrypt only to keys that were imported by hand.
    public var pinnedOnly: Bool
    /// Under which name what was read is remembered; without one, only what is said while it is
    /// connected is shown, and nothing is marked as read.
    public var reader: String?
    /// Whether somebody can be asked before what was typed is encrypted to a newcomer.
    public var isAttended: Bool
    /// Whether a server that was never reached is tried again, without end.
    public var waitsForServer: Bool
    /// Whether a lost connection is made again without end; otherwise for ten minutes.
    public var reconnectsForever: Bool

    /// Names a server.
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
