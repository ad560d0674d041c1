/// One session, as the writer sees it: where its orders go.
protocol SessionPort: Sendable {
    /// The connection's number, which is never used again.
    var id: UInt64 { get }
    /// Whether the connection is gone: nothing needs to be done for it.
    var isGone: Bool { get }
    /// Hands over an order, after everything that was handed over before.
    func tell(_ order: SessionOrder)
}
