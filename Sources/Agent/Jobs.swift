internal import AgentProtocol
internal import CLinux
internal import Glibc
internal import Synchronization

/// What waits for a person or for the earlier agent: each job is a thread, so that no other
/// connection waits.
///
/// The agent's thread starts jobs and takes results; a byte in a pipe wakes it.
final class Jobs: Sendable {
    /// What a job found.
    enum Result: Sendable {
        case confirmed(Bool)
        /// Nobody was asked: too many questions wait.
        case busy
        case forwarded([UInt8]?)
    }

    private struct State {
        var running = 0
        var results: [(connection: Int, result: Result)] = []
    }

    private let state = Mutex(State())
    private let wakingEnd: Int32
    /// Readable when a result waits.
    let descriptor: Int32

    init() throws(AgentError) {
        var ends: [Int32] = [0, 0]
        // SAFETY: pipe writes two descriptors.
        guard unsafe pipe(&ends) == 0 else { throw AgentError.noSignals }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        wakingEnd = ends[1]
    }

    /// Starts a job for a connection; returns whether there was room for it.
    func start(_ connection: Int, _ work: @escaping @Sendable () -> Result) -> Bool {
        let hasRoom = state.withLock { state in
            guard state.running < AgentLimits.jobCount else { return false }
            state.running += 1
            return true
        }
        guard hasRoom else { return false }
        let isStarted = DetachedThread.start { [self] in
            let result = work()
            state.withLock { state in
                state.running -= 1
                state.results.append((connection, result))
            }
            // SAFETY: one byte is read. A full pipe wakes the reader as well.
            _ = unsafe write(wakingEnd, [1], 1)
        }
        if !isStarted { state.withLock { $0.running -= 1 } }
        return isStarted
    }

    /// The results that came since the last call.
    func takeResults() -> [(connection: Int, result: Result)] {
        var bytes = [UInt8](repeating: 0, count: 64)
        // SAFETY: read writes at most the buffer's count.
        while unsafe read(descriptor, &bytes, bytes.count) > 0 {}
        return state.withLock { state in
            defer { state.results = [] }
            return state.results
        }
    }
}

/// A thread that ends with its work.
private enum DetachedThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let work = unsafe Unmanaged.passRetained(Work(body))
        // SAFETY: the thread takes over the one reference to its work.
        let status = unsafe clinux_start_thread(
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            },
            work.toOpaque()
        )
        guard status == 0 else {
            unsafe work.release()
            return false
        }
        return true
    }
}
