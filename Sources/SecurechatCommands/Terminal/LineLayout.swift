/// Where the characters of a prompt and a line go on a terminal of some columns.
///
/// A value without I/O.
struct LineLayout {
    /// The rows, each of at most as many columns as there are.
    private(set) var rows: [String] = [""]
    /// How many columns each row takes.
    private(set) var widths = [0]
    /// Where the cursor stands.
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0

    init(prompt: String, line: EditedLine, columns: Int) {
        for character in prompt { add(character, columns) }
        for (index, character) in line.characters.enumerated() {
            if index == line.cursor { placeCursor(columns, before: character) }
            add(character, columns)
        }
        if line.cursor == line.characters.count { placeCursor(columns, before: " ") }
    }

    private mutating func add(_ character: Character, _ columns: Int) {
        breakRow(columns, before: character)
        rows[rows.count - 1] += CharacterWidth.shown(character)
        widths[widths.count - 1] += CharacterWidth.columns(character)
    }

    private mutating func placeCursor(_ columns: Int, before character: Character) {
        breakRow(columns, before: character)
        (cursorRow, cursorColumn) = (rows.count - 1, widths[widths.count - 1])
    }

    private mutating func breakRow(_ columns: Int, before character: Character) {
        guard widths[widths.count - 1] + CharacterWidth.columns(character) > columns else { return }
        rows.append("")
        widths.append(0)
    }

    /// The rows that fit on a screen of `count` rows, around the cursor.
    func visibleRows(_ count: Int) -> Range<Int> {
        guard rows.count > count else { return 0..<rows.count }
        let first = min(max(0, cursorRow - count / 2), rows.count - count)
        return first..<first + count
    }
}
