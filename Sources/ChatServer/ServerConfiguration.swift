internal import ChatProtocol
public import KeyFormats

/// The settings of a server.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 means any free port.
    public var port: Int
    /// Names that become admins as soon as they are registered.
    public var admins: [KeyName]
    /// The default number of messages of `/history`.
    ///
    /// The store always keeps these.
    public var historyCount: Int
    /// How long the store keeps messages that a member has not received, in days.
    public var retentionDays: Int
    /// The largest size of these messages, in MiB.
    public var retentionMiB: Int
    /// The limits of connections.
    public var limits: Limits

    /// The limits of connections.
    public struct Limits: Sendable {
        /// The time until a connection that is not admitted is closed, in seconds.
        public var loginSeconds: Int
        /// The most connections that are not admitted.
        ///
        /// Beyond it, the server closes a connection of the prefix that has the most.
        public var unauthenticatedCount: Int
        /// The most connections per second from one address prefix.
        ///
        /// Loopback is exempt.
        public var handshakesPerSecond: Int
        /// The time without a received byte after which a session is closed, in seconds.
        ///
        /// The server sends a ping after a third of it.
        public var silenceSeconds: Int

        /// Makes the default limits.
        public init() {
            loginSeconds = ServerLimits.loginSeconds
            unauthenticatedCount = ServerLimits.unauthenticatedCount
            handshakesPerSecond = ServerLimits.handshakesPerSecond
            silenceSeconds = ServerLimits.silenceSeconds
        }
    }

    /// Makes the default settings for an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
        admins = []
        historyCount = 100
        retentionDays = 30
        retentionMiB = 512
        limits = Limits()
    }

    /// A text about what the server keeps, which each client gets at its login.
    var retentionText: String {
        "kept, encrypted: the last \(historyCount) messages, and messages that a member has not "
            + "received yet, for \(retentionDays) days"
    }
}
