public import AgentProtocol
internal import Glibc

extension AgentTime {
    /// The time now, by the clock that also counts while the machine sleeps.
    public static var now: AgentTime {
        var time = timespec()
        // SAFETY: clock_gettime writes one structure.
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return AgentTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// How many milliseconds are left until this time; never negative, and at most a minute, so that
    /// it fits `poll`.
    public var millisecondsLeft: Int32 {
        Int32(min(max(milliseconds - AgentTime.now.milliseconds, 0), 60_000))
    }
}
