import Glibc
import KeyFormats

/// The text forms of times.
enum Clock {
    private static let millisecondsPerSecond: Int64 = 1_000
    private static let fractionDigitCount = 3
    private static let firstYear: Int32 = 1_900

    /// The time in RFC 3339 form, in UTC, with milliseconds.
    static func text(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / millisecondsPerSecond
        let fraction = String(milliseconds % millisecondsPerSecond)
        let zeros = String(repeating: "0", count: max(0, fractionDigitCount - fraction.count))
        return Timestamp(seconds: seconds).description.dropLast() + "." + zeros + fraction + "Z"
    }

    /// Hours and minutes in the user's time zone.
    static func short(_ milliseconds: Int64) -> String {
        let parts = unsafe local(milliseconds)
        let (hour, minute) = unsafe (parts.tm_hour, parts.tm_min)
        return "\(two(hour)):\(two(minute))"
    }

    /// The date in the user's time zone, such as 2026-03-31.
    static func day(_ milliseconds: Int64) -> String {
        let parts = unsafe local(milliseconds)
        let (year, month, day) = unsafe (parts.tm_year, parts.tm_mon, parts.tm_mday)
        return "\(year + firstYear)-\(two(month + 1))-\(two(day))"
    }

    /// The present time, in milliseconds since 1970.
    static var now: Int64 { Timestamp.now.seconds * millisecondsPerSecond }

    private static func local(_ milliseconds: Int64) -> tm {
        var seconds = time_t(milliseconds / millisecondsPerSecond)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        return unsafe parts
    }

    private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
