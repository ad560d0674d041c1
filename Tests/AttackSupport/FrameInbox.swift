package import ChatProtocol
internal import Synchronization

/// The frames that one side received, in order, for a test that waits for some of them.
package final class FrameInbox: Sendable {
    private struct State {
        var frames: [WireFrame] = []
        var position = 0
        var isFinished = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Starts empty.
    package init() {}

    /// All frames so far.
    package var all: [WireFrame] { state.withLock { $0.frames } }
    /// Whether the connection is gone.
    package var isFinished: Bool { state.withLock { $0.isFinished } }

    func add(_ frame: WireFrame) { wake { $0.frames.append(frame) } }

    func finish() { wake { $0.isFinished = true } }

    /// The next frame that is wanted; `nil` when the connection ends, or when `limit` has passed.
    package func next(
        within limit: Duration = .seconds(10),
        _ isWanted: @escaping @Sendable (WireFrame) -> Bool = { _ in true }
    ) async -> WireFrame? {
        await Deadline.first(within: limit) { await self.next(isWanted) }
    }

    /// Waits for the end of the connection; `false` where it does not come in time.
    package func end(within limit: Duration = .seconds(10)) async -> Bool {
        await Deadline.first(within: limit) { () -> Bool? in
            while !self.isFinished, !Task.isCancelled {
                await self.change { $0.isFinished }
            }
            return self.isFinished
        } ?? false
    }

    private func next(_ isWanted: (WireFrame) -> Bool) async -> WireFrame? {
        while true {
            let (found, isFinished) = state.withLock { state -> (WireFrame?, Bool) in
                while state.position < state.frames.count {
                    state.position += 1
                    let frame = state.frames[state.position - 1]
                    if isWanted(frame) { return (frame, false) }
                }
                return (nil, state.isFinished)
            }
            if found != nil || isFinished || Task.isCancelled { return found }
            await change { $0.position < $0.frames.count || $0.isFinished }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func change(unless isDone: @escaping (borrowing State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if isDone(state) || Task.isCancelled { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
    }
}
