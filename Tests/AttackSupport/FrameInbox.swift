package import ChatProtocol
internal import TestSupport

/// The frames that one side received, in order, for a test that waits for some of them.
package struct FrameInbox: Sendable {
    private let inbox = Inbox<WireFrame>()

    /// Starts empty.
    package init() {}

    /// All frames so far.
    package var all: [WireFrame] { inbox.soFar }
    /// Whether the connection is gone.
    package var isFinished: Bool { inbox.isFinished }

    func add(_ frame: WireFrame) { inbox.add(frame) }

    func finish() { inbox.finish() }

    /// The next frame that is wanted; `nil` when the connection ends, or when `limit` has passed.
    package func next(
        within limit: Duration = .seconds(10),
        _ isWanted: @escaping @Sendable (WireFrame) -> Bool = { _ in true }
    ) async -> WireFrame? {
        await Deadline.first(within: limit) { await inbox.next(isWanted) }
    }

    /// Waits for the end of the connection; `false` where it does not come in time.
    package func end(within limit: Duration = .seconds(10)) async -> Bool {
        await Deadline.first(within: limit) { () -> Bool? in
            _ = await inbox.whole()
            return inbox.isFinished
        } ?? false
    }
}
