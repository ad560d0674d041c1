import Synchronization

/// What arrives, in order, for those who wait for some of it.
public final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var position = 0
        var isFinished = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Starts empty.
    public init() {}

    /// Everything that has come by now.
    public var soFar: [Element] { state.withLock { $0.elements } }
    /// Whether nothing more comes.
    public var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Something arrived.
    public func add(_ element: Element) { wake { $0.elements.append(element) } }

    /// Nothing more comes.
    public func finish() { wake { $0.isFinished = true } }

    /// Begins anew with what was waited for already.
    public func rewind() { state.withLock { $0.position = 0 } }

    /// The next element that is wanted; `nil` at the end, and where the task is cancelled.
    public func next(_ isWanted: (Element) -> Bool) async -> Element? {
        while true {
            let (found, isFinished) = state.withLock { state -> (Element?, Bool) in
                while state.position < state.elements.count {
                    state.position += 1
                    let element = state.elements[state.position - 1]
                    if isWanted(element) { return (element, false) }
                }
                return (nil, state.isFinished)
            }
            if found != nil || isFinished || Task.isCancelled { return found }
            await change { $0.position < $0.elements.count || $0.isFinished }
        }
    }

    /// Everything, once nothing more comes; what has come by then where the task is cancelled.
    public func whole() async -> [Element] {
        while !isFinished, !Task.isCancelled { await change { $0.isFinished } }
        return soFar
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
        // A test that runs out of time is cancelled, and is to end then.
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
