public import ChatProtocol

/// Receives the events that a client shows.
///
/// The client's actor calls it, and the task that reads the input calls it too.
public protocol ClientOutput: Sendable {
    /// Queues one event; it may return before the event is shown.
    func show(_ event: ClientEvent)
    /// Returns after all queued events were shown.
    func flush() async
}
