import ChatProtocol
import Glibc

/// The system's clocks, in milliseconds.
enum ServerClock {
    /// The time of day since 1970, within what a log can hold.
    static func wall() -> Int64 { LogPosition.entryTime(read(CLOCK_REALTIME)) }

    /// Time since the machine started; nobody sets it, and it goes on while the machine sleeps.
    static func steady() -> Int64 { read(CLOCK_BOOTTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        unsafe clock_gettime(clock, &now)
        let (milliseconds, overflow) = Int64(now.tv_sec).multipliedReportingOverflow(by: 1_000)
        return overflow ? 0 : milliseconds &+ Int64(now.tv_nsec) / 1_000_000
    }
}
