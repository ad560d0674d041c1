/// When something costly is tried again after a failure: after a second, then twice as long each
/// time, up to five minutes.
struct RetryTimes {
    private static let longest: Int64 = 300_000
    private var next: Int64 = 0
    private var delay: Int64 = 1_000

    /// Whether it is time for a try at `now`, in milliseconds of the steady clock; counts it.
    mutating func isDue(at now: Int64) -> Bool {
        guard now >= next else { return false }
        next = now + delay
        delay = min(delay * 2, RetryTimes.longest)
        return true
    }
}
