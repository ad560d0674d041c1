/// Waits for a result, but not for ever.
package enum Deadline {
    /// The operation's result; `nil` where it has none, or where it is not there in time.
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
