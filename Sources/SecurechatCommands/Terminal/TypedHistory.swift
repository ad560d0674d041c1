/// Lines that were entered before, and where one is among them.
///
/// A value without I/O.
struct TypedHistory {
    private static let largestCount = 500

    private var lines: [TypedLine] = []
    /// Which line is shown; the count where the new one is.
    private var place = 0
    private var unfinished = TypedLine("")
    private var needle: String?

    mutating func add(_ line: TypedLine) {
        if lines.last != line { lines.append(line) }
        if lines.count > TypedHistory.largestCount { lines.removeFirst() }
        leave()
    }

    /// Back to the line that is new.
    mutating func leave() {
        place = lines.count
        needle = nil
    }

    /// The line before or after; `present` is kept as the one that is new.
    mutating func step(_ step: Int, from present: TypedLine) -> TypedLine? {
        needle = nil
        guard (0...lines.count).contains(place + step) else { return nil }
        if place == lines.count { unfinished = present }
        place += step
        return place == lines.count ? unfinished : lines[place]
    }

    /// The next earlier line that holds what was typed when the search began.
    mutating func search(from present: TypedLine) -> TypedLine? {
        let wanted = needle ?? present.text
        if needle == nil { unfinished = present }
        guard let found = lines[..<place].lastIndex(where: { $0.text.contains(wanted) }) else {
            return nil
        }
        place = found
        needle = wanted
        return lines[found]
    }

    /// Whatever else is typed ends a search.
    mutating func endSearch() { needle = nil }
}
