package import ChatProtocol
internal import TestSupport

/// The frames that one side received, in order.
///
/// A test waits for some of them.
package struct FrameInbox: Sendable {
    private let inbox = Inbox<WireFrame>()

    /// Makes an empty inbox.
    package init() {}

    /// All frames so far.
    package var all: [WireFrame] { inbox.soFar }
    /// Whether the connection has ended.
    package var isFinished: Bool { inbox.isFinished }

    func add(_ frame: WireFrame) { inbox.add(frame) }

    func finish() { inbox.finish() }

    /// Returns the next frame that fits; `nil` if the connection ends or `limit` has passed.
    package func next(
        within limit: Duration = .seconds(10),
        _ isWanted: @escaping @Sendable (WireFrame) -> Bool = { _ in true }
    ) async -> WireFrame? {
        await Deadline.first(within: limit) { await inbox.next(isWanted) }
    }

    /// Waits for the end of the connection; returns `false` if it does not end in time.
    package func end(within limit: Duration = .seconds(10)) async -> Bool {
        await Deadline.first(within: limit) { () -> Bool? in
            _ = await inbox.whole()
            return inbox.isFinished
        } ?? false
    }
}
