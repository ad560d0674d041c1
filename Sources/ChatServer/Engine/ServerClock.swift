import ChatProtocol
import Glibc
import KeyFormats

/// The clocks of the engine, in milliseconds; tests use other clocks.
struct ServerClock: Sendable {
    /// The time of day, since 1970.
    let time: @Sendable () -> Int64
    /// The time since the machine started; it cannot be set, and continues while the machine
    /// sleeps.
    let steady: @Sendable () -> Int64

    /// The system's clocks.
    static let system = ServerClock(
        time: { read(CLOCK_REALTIME) },
        steady: { read(CLOCK_BOOTTIME) }
    )

    /// The time of day, within the bounds of a log's entries.
    var wall: Int64 { LogPosition.entryTime(time()) }

    /// The time of day, in seconds.
    var now: Timestamp { Timestamp(seconds: time() / 1_000) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        unsafe clock_gettime(clock, &now)
        let (milliseconds, overflow) = Int64(now.tv_sec).multipliedReportingOverflow(by: 1_000)
        return overflow ? 0 : milliseconds &+ Int64(now.tv_nsec) / 1_000_000
    }
}
