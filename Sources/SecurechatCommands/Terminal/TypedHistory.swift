/// The lines that were entered before, and the position in them.
///
/// It is a value without I/O.
struct TypedHistory {
    private static let largestCount = 500

    private var lines: [TypedLine] = []
    /// The index of the shown line; `lines.count` for the new line.
    private var place = 0
    private var unfinished = TypedLine("")
    private var needle: String?

    mutating func add(_ line: TypedLine) {
        if lines.last != line { lines.append(line) }
        if lines.count > TypedHistory.largestCount { lines.removeFirst() }
        leave()
    }

    /// Returns to the new line.
    mutating func leave() {
        place = lines.count
        needle = nil
    }

    /// Returns the line before or after the shown one; `present` is kept as the new line.
    mutating func step(_ step: Int, from present: TypedLine) -> TypedLine? {
        needle = nil
        guard (0...lines.count).contains(place + step) else { return nil }
        if place == lines.count { unfinished = present }
        place += step
        return place == lines.count ? unfinished : lines[place]
    }

    /// Returns the next earlier line that contains the text from which the search began.
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

    /// Ends a search, after any other key.
    mutating func endSearch() { needle = nil }
}
