/// The engine's view of one session, to which it sends orders.
protocol SessionPort: Sendable {
    /// The connection's number, which is never used again.
    var id: UInt64 { get }
    /// Whether the connection is gone; then the engine spends no work on it.
    var isGone: Bool { get }
    /// Sends an order; orders arrive in the order in which they were sent.
    func tell(_ order: SessionOrder)
}
