/// Decides whether the system's clock may be used for deleting bodies by age.
///
/// A clock that is wrong by a month makes every message look old. The clock is trusted if the log's
/// last entry is at most a day older, or after a day without a jump. It is a value; the engine
/// gives it readings.
struct ClockWatch {
    /// The largest difference between the clock and monotonic time that is not a jump, in
    /// milliseconds.
    static let tolerance: Int64 = 5 * 60 * 1_000
    /// One day, in milliseconds.
    static let day: Int64 = 86_400_000

    // The readings at the start of the present period without a jump, in milliseconds.
    private var wall: Int64
    private var steady: Int64
    private var newest: Int64?

    /// Starts with a reading of the clock, a reading of monotonic time, and the time of the log's
    /// last entry, in milliseconds.
    init(wall: Int64, steady: Int64, newestEntry: Int64?) {
        self.wall = wall
        self.steady = steady
        newest = newestEntry
    }

    /// Takes a reading; returns the jump of the clock in milliseconds, or `nil` if there was none.
    mutating func observe(wall now: Int64, steady: Int64, newestEntry: Int64?) -> Int64? {
        let jump = now &- wall &- (steady &- self.steady)
        guard jump < -ClockWatch.tolerance || jump > ClockWatch.tolerance else { return nil }
        self = ClockWatch(wall: now, steady: steady, newestEntry: newestEntry)
        return jump
    }

    /// Whether bodies may now be deleted because of their age.
    func allowsAge(steady now: Int64) -> Bool {
        guard let newest else { return true }
        let gap = wall &- newest
        return (-ClockWatch.tolerance...ClockWatch.day).contains(gap)
            || now &- steady >= ClockWatch.day
    }
}
