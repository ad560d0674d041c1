/// The input line: its characters and the position of the cursor.
///
/// It is a value without I/O.
struct EditedLine {
    private static let largestCharacterCount = 1 << 16

    private(set) var characters: [Character] = []
    /// The index of the character after the cursor.
    private(set) var cursor = 0
    /// The number of characters at the start that were pasted.
    private var pastedCount = 0
    private var removed: [Character] = []

    var typed: TypedLine { TypedLine(String(characters), isPasted: pastedCount > 0) }
    var isEmpty: Bool { characters.isEmpty }
    var beforeCursor: ArraySlice<Character> { characters[..<cursor] }

    mutating func set(_ line: TypedLine) {
        characters = Array(line.text)
        cursor = characters.count
        pastedCount = line.isPasted ? characters.count : 0
    }

    mutating func clear() { set(TypedLine("")) }

    mutating func insert(_ scalar: Unicode.Scalar) {
        // An accent or a joiner combines with the letter before it into one character.
        if cursor > 0 {
            var joined = String(characters[cursor - 1])
            joined.unicodeScalars.append(scalar)
            if joined.count == 1, let character = joined.first {
                characters[cursor - 1] = character
                return
            }
        }
        insert([Character(scalar)])
    }

    /// Inserts pasted text without its control characters; line breaks and tabs stay.
    mutating func paste(_ text: String) {
        var clean = String.UnicodeScalarView()
        for scalar in text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").unicodeScalars
        where scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t" {
            clean.append(scalar)
        }
        let start = cursor
        let count = insert(Array(String(clean)))
        if start == 0 || start < pastedCount { pastedCount += count }
    }

    @discardableResult
    mutating func insert(_ more: [Character]) -> Int {
        let room = max(0, EditedLine.largestCharacterCount - characters.count)
        characters.insert(contentsOf: more.prefix(room), at: cursor)
        let count = min(room, more.count)
        // If the user types before pasted text, the line counts as typed.
        if cursor == 0, count > 0 { pastedCount = 0 }
        cursor += count
        return count
    }

    mutating func move(by step: Int) { cursor = min(max(0, cursor + step), characters.count) }
    mutating func moveToStart() { cursor = 0 }
    mutating func moveToEnd() { cursor = characters.count }
    mutating func moveWordLeft() { cursor = wordStart }
    mutating func moveWordRight() { cursor = wordEnd }

    mutating func deleteBackward() { if cursor > 0 { remove(cursor - 1..<cursor) } }
    mutating func deleteForward() {
        if cursor < characters.count { remove(cursor..<cursor + 1) }
    }

    mutating func deleteToEnd() { cut(cursor..<characters.count) }
    mutating func deleteToStart() { cut(0..<cursor) }
    mutating func deleteWord() { cut(wordStart..<cursor) }
    mutating func deleteNextWord() { cut(cursor..<wordEnd) }
    /// Inserts the text that was cut last.
    mutating func yank() { insert(removed) }

    private mutating func cut(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        removed = Array(characters[range])
        remove(range)
    }

    private mutating func remove(_ range: Range<Int>) {
        characters.removeSubrange(range)
        pastedCount -= range.clamped(to: 0..<max(0, pastedCount)).count
        cursor = range.lowerBound
    }

    private var wordStart: Int {
        var place = cursor
        while place > 0, characters[place - 1].isWhitespace { place -= 1 }
        while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
        return place
    }

    private var wordEnd: Int {
        var place = cursor
        while place < characters.count, characters[place].isWhitespace { place += 1 }
        while place < characters.count, !characters[place].isWhitespace { place += 1 }
        return place
    }
}
