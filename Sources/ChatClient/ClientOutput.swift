public import ChatProtocol

/// Where a client shows things.
///
/// The client's actor calls it, and so does the task that reads the input.
public protocol ClientOutput: Sendable {
    /// Shows one event; it may be on its way still when this returns.
    func show(_ event: ClientEvent)
    /// Returns when everything that was shown before has reached its place.
    func flush() async
}
