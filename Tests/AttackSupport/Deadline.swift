/// Waits for a result, at most for a given time.
package enum Deadline {
    /// Returns the operation's result; `nil` if there is none, or if it does not come in time.
    ///
    /// The operation must end when its task is cancelled.
    package static func first<Result: Sendable>(
        within limit: Duration,
        _ operation: @escaping @Sendable () async -> Result?
    ) async -> Result? {
        await withTaskGroup(of: Result?.self) { tasks in
            tasks.addTask { await operation() }
            tasks.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await tasks.next() ?? nil
            tasks.cancelAll()
            return first
        }
    }
}
