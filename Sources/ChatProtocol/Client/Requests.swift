/// What the user asked the server for: in order, and how many answers are still due.
struct Requests {
    private var waiting: [ClientRequest] = []
    private var dueCount = 0

    /// Whether nothing waits, and no answer is due.
    var isEmpty: Bool { waiting.isEmpty && dueCount == 0 }
    /// Whether something waits for its turn.
    var hasNext: Bool { !waiting.isEmpty }

    /// Adds a request; `false` where too many wait.
    mutating func add(_ request: ClientRequest) -> Bool {
        guard waiting.count < ClientLimits.requestCount else { return false }
        waiting.append(request)
        return true
    }

    /// The next request, which is sent now; `nil` where none waits.
    mutating func next() -> ClientRequest? {
        guard !waiting.isEmpty else { return nil }
        let request = waiting.removeFirst()
        switch request {
        case .history: break  // its end is known to the room's `History`
        case .who, .shutdown, .reload: dueCount += 1
        }
        return request
    }

    /// An answer came.
    mutating func answer() { dueCount = max(0, dueCount - 1) }

    /// A new connection: what was asked on the old one is answered no more, except for `interrupted`,
    /// which is asked again, first.
    mutating func connect(repeating interrupted: ClientRequest?) {
        dueCount = 0
        if let interrupted { waiting.insert(interrupted, at: 0) }
    }
}
