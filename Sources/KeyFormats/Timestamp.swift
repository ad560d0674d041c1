internal import Glibc

/// A time in whole seconds since 1970, written as RFC 3339 in UTC: `2026-11-21T02:00:00Z`.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64

    /// Makes a time from the seconds since 1970.
    public init(seconds: Int64) { self.seconds = seconds }

    /// The present time, by the system's clock.
    public static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }

    /// Reads exactly the form that `description` writes; throws `KeyFormatError` for other text.
    public init(_ text: some StringProtocol) throws(KeyFormatError) {
        let invalid = KeyFormatError.invalidTime(String(text))
        let characters = Array(text.utf8)
        guard characters.count == 20 else { throw invalid }
        let fields = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)].compactMap {
            start,
            count in
            Int64(String(decoding: characters[start..<(start + count)], as: UTF8.self))
        }
        guard fields.count == 6, fields[1] >= 1 else { throw invalid }
        let days = Timestamp.dayNumber(year: fields[0], month: fields[1], day: fields[2])
        seconds = days * 86_400 + fields[3] * 3_600 + fields[4] * 60 + fields[5]
        // Each time has one spelling: 2026-02-30 and 24:00 are refused, because they write back
        // differently.
        guard description == String(text) else { throw invalid }
    }

    /// The time as `2026-11-21T02:00:00Z`.
    public var description: String {
        let days = seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = Timestamp.date(dayNumber: days)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let padding = String(repeating: "0", count: max(0, 4 - String(year).count))
        return "\(padding)\(year)-\(two(month))-\(two(day))"
            + "T\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// Orders times.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    /// Returns the time some seconds later.
    public func adding(seconds count: Int) -> Timestamp {
        Timestamp(seconds: seconds + Int64(count))
    }

    /// Returns the time `lifetime` later; months and years follow the calendar.
    public func adding(_ lifetime: Lifetime) -> Timestamp {
        switch lifetime.unit {
        case .seconds: return Timestamp(seconds: seconds + lifetime.count)
        case .months:
            let (year, month, day) = Timestamp.date(dayNumber: seconds / 86_400)
            let months = year * 12 + month - 1 + lifetime.count
            let first = Timestamp.dayNumber(year: months / 12, month: months % 12 + 1, day: 1)
            let next = Timestamp.dayNumber(
                year: (months + 1) / 12,
                month: (months + 1) % 12 + 1,
                day: 1
            )
            // The 31st becomes the last day of a shorter month.
            let days = first + min(day, next - first) - 1
            return Timestamp(seconds: days * 86_400 + seconds % 86_400)
        }
    }

    // The proleptic Gregorian calendar in years that start in March, so that the leap day
    // comes last (Hinnant, "chrono-compatible low-level date algorithms").
    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private static func date(dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

/// A length of time in the form that a user writes: `12h`, `90d`, `12w`, `18m`, `1y`.
public struct Lifetime: Hashable, Sendable, CustomStringConvertible {
    enum Unit: Hashable, Sendable {
        case seconds
        case months
    }

    let count: Int64
    let unit: Unit
    /// The text that the user wrote.
    public let description: String

    /// Reads a number and one of `h`, `d`, `w`, `m` (months), `y`; at most a hundred years.
    ///
    /// Throws `KeyFormatError` for other text.
    public init(_ text: some StringProtocol) throws(KeyFormatError) {
        guard let number = Int64(text.dropLast()), number > 0, let letter = text.last else {
            throw KeyFormatError.invalidTime(String(text))
        }
        let (scale, unit, most): (Int64, Unit, Int64) =
            switch letter {
            case "h": (3_600, .seconds, 876_000)
            case "d": (86_400, .seconds, 36_500)
            case "w": (604_800, .seconds, 5_200)
            case "m": (1, .months, 1_200)
            case "y": (12, .months, 100)
            default: (0, .seconds, 0)
            }
        guard number <= most else { throw KeyFormatError.invalidTime(String(text)) }
        count = number * scale
        self.unit = unit
        description = "\(number)\(letter)"
    }
}
