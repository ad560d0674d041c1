/// The rows of a prompt and a line on a terminal with a number of columns.
///
/// It is a value without I/O.
struct LineLayout {
    /// The rows; each fits into the terminal's columns.
    private(set) var rows: [String] = [""]
    /// The width of each row, in columns.
    private(set) var widths = [0]
    /// The index of the row with the cursor.
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

    /// Returns the range of rows around the cursor that fits on a screen of `count` rows.
    func visibleRows(_ count: Int) -> Range<Int> {
        guard rows.count > count else { return 0..<rows.count }
        let first = min(max(0, cursorRow - count / 2), rows.count - count)
        return first..<first + count
    }
}
