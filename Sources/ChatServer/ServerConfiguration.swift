internal import ChatProtocol
public import KeyFormats

/// What a server is told when it starts.
public struct ServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 takes any that is free.
    public var port: Int
    /// Names that are made admins as soon as they are registered.
    public var admins: [KeyName]
    /// How many messages `/history` shows unless told otherwise, and the store always keeps.
    public var historyCount: Int
    /// How long the store keeps what a member has yet to receive, in days.
    public var retentionDays: Int
    /// How much of that it keeps at most, in MiB.
    public var retentionMiB: Int
    /// What connections may take up.
    public var limits: Limits

    /// What connections may take up.
    public struct Limits: Sendable {
        /// Seconds until a connection that is not admitted is closed.
        public var loginSeconds: Int
        /// Most connections that are not admitted; beyond it one of the fullest prefix is closed.
        public var unauthenticatedCount: Int
        /// Handshakes a second that one prefix of addresses may begin; loopback is exempt.
        public var handshakesPerSecond: Int
        /// Seconds without a byte after which a session is closed; it is pinged before.
        public var silenceSeconds: Int

        /// The defaults.
        public init() {
            loginSeconds = ServerLimits.loginSeconds
            unauthenticatedCount = ServerLimits.unauthenticatedCount
            handshakesPerSecond = ServerLimits.handshakesPerSecond
            silenceSeconds = ServerLimits.silenceSeconds
        }
    }

    /// The defaults for an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
        admins = []
        historyCount = 100
        retentionDays = 30
        retentionMiB = 512
        limits = Limits()
    }

    /// What the server keeps, told to everybody who logs in.
    var retentionText: String {
        "kept, encrypted: the last \(historyCount) messages, and what a member has yet to receive "
            + "for \(retentionDays) days"
    }
}
