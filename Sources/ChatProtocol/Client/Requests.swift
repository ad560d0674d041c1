/// The user's requests to the server, in order, and the number of answers that are due.
struct Requests {
    private var waiting: [ClientRequest] = []
    private var dueCount = 0

    /// Whether no request waits and no answer is due.
    var isEmpty: Bool { waiting.isEmpty && dueCount == 0 }
    /// Whether a request waits to be sent.
    var hasNext: Bool { !waiting.isEmpty }

    /// Adds a request; returns `false` if too many wait.
    mutating func add(_ request: ClientRequest) -> Bool {
        guard waiting.count < ClientLimits.requestCount else { return false }
        waiting.append(request)
        return true
    }

    /// Removes and returns the next request, which the caller sends now; `nil` if none waits.
    mutating func next() -> ClientRequest? {
        guard !waiting.isEmpty else { return nil }
        let request = waiting.removeFirst()
        switch request {
        case .history: break  // `History` counts this answer
        case .who, .shutdown, .reload: dueCount += 1
        }
        return request
    }

    /// Notes that an answer arrived.
    mutating func answer() { dueCount = max(0, dueCount - 1) }

    /// Prepares for a new connection.
    ///
    /// The answers that were due on the old connection will not come. Only `interrupted` is asked
    /// again, before all others.
    mutating func connect(repeating interrupted: ClientRequest?) {
        dueCount = 0
        if let interrupted { waiting.insert(interrupted, at: 0) }
    }
}
