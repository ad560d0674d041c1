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
    /// What strangers may take up.
    public var limits: Limits

    /// What strangers may take up.
    public struct Limits: Sendable {
        /// Seconds until an unauthenticated connection is closed.
        public var loginSeconds = 10
        /// Most unauthenticated connections; beyond it the oldest is closed.
        public var unauthenticatedCount = 128
        /// Handshakes a second that one address may begin; loopback is exempt.
        public var handshakesPerSecond = 10

        /// The defaults.
        public init() {}
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
