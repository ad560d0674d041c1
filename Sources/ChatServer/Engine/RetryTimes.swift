/// The times of retries after a failure: after a second, then after twice as long each time, up to
/// five minutes.
struct RetryTimes {
    private static let longest: Int64 = 300_000
    private var next: Int64 = 0
    private var delay: Int64 = 1_000

    /// Whether a retry is due at `now`, in milliseconds of the steady clock; if so, counts it.
    mutating func isDue(at now: Int64) -> Bool {
        guard now >= next else { return false }
        next = now + delay
        delay = min(delay * 2, RetryTimes.longest)
        return true
    }
}
