/// Whether the system's clock can be trusted for forgetting by age: a value, fed with readings.
///
/// A clock that is wrong by a month makes every message look old. It is trusted where the log's
/// last entry is from the day before, or where it ran for a day without a jump.
struct ClockWatch {
    /// How far the clock may drift from monotonic time before that counts as a jump, in
    /// milliseconds.
    static let tolerance: Int64 = 5 * 60 * 1_000
    /// Milliseconds of a day.
    static let day: Int64 = 86_400_000

    // Readings from the beginning of the present run without a jump, in milliseconds.
    private var wall: Int64
    private var steady: Int64
    private var newest: Int64?

    /// Begins with a reading of the clock, one of monotonic time, and the time of the log's last
    /// entry.
    init(wall: Int64, steady: Int64, newestEntry: Int64?) {
        self.wall = wall
        self.steady = steady
        newest = newestEntry
    }

    /// Takes a reading; returns by how many milliseconds the clock jumped, if it did.
    mutating func observe(wall now: Int64, steady: Int64, newestEntry: Int64?) -> Int64? {
        let jump = now &- wall &- (steady &- self.steady)
        guard jump < -ClockWatch.tolerance || jump > ClockWatch.tolerance else { return nil }
        self = ClockWatch(wall: now, steady: steady, newestEntry: newestEntry)
        return jump
    }

    /// Whether bodies may be forgotten because of their age now.
    func allowsAge(steady now: Int64) -> Bool {
        guard let newest else { return true }
        let gap = wall &- newest
        return (-ClockWatch.tolerance...ClockWatch.day).contains(gap)
            || now &- steady >= ClockWatch.day
    }
}
