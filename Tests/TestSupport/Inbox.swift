import Synchronization

/// Elements that arrive in order.
///
/// A test waits for some of them.
public final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var position = 0
        var isFinished = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Makes an empty inbox.
    public init() {}

    /// The elements until now.
    public var soFar: [Element] { state.withLock { $0.elements } }
    /// Whether no more elements will come.
    public var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Adds an element.
    public func add(_ element: Element) { wake { $0.elements.append(element) } }

    /// Marks that no more elements will come.
    public func finish() { wake { $0.isFinished = true } }

    /// Makes `next` begin at the first element again.
    public func rewind() { state.withLock { $0.position = 0 } }

    /// Returns the next element that fits; `nil` at the end, or if the task is cancelled.
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

    /// Waits for the end and returns all elements; if the task is cancelled, those until then.
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
        // A test that runs out of time is cancelled, and must end then.
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
