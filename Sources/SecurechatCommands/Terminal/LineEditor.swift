/// The input line at the bottom of a terminal; other lines are shown above it.
///
/// It is a value without I/O, and the only part of the client that knows keys and escape sequences.
/// `feed` takes the bytes of the keyboard, `show` takes lines, and `takeOutput` returns the bytes
/// for the terminal.
struct LineEditor {
    /// A terminal's size in characters.
    struct Size: Equatable, Sendable {
        var columns: Int
        var rows: Int
    }

    /// An action for the owner of the editor.
    enum Action: Equatable, Sendable {
        /// The user entered a line.
        case line(TypedLine)
        /// The user pressed Ctrl-D or Ctrl-C on an empty line.
        case end
        /// The user pressed Ctrl-Z.
        case suspend
    }

    /// Returns the words that begin with `start`; `isFirst` says whether it is the first word of
    /// the line.
    typealias Completion = @Sendable (_ start: String, _ isFirst: Bool) -> [String]

    /// The text before the input; a change draws the line again.
    var prompt: String { didSet { draw() } }

    private var size: Size
    private let completion: Completion
    private var decoder = KeyDecoder()
    private var line = EditedLine()
    private var history = TypedHistory()
    private var output = ""
    /// The widths of the drawn rows above the cursor, and the cursor's column.
    private var drawn: [Int] = []
    private var drawnColumn = 0

    init(prompt: String, size: Size, completion: @escaping Completion = { _, _ in [] }) {
        self.prompt = prompt
        self.size = size
        self.completion = completion
    }

    /// Whether a key is incomplete; the owner calls `idle` if no byte follows soon.
    var isHalfway: Bool { decoder.isHalfway }

    /// Returns the bytes for the terminal since the last call.
    mutating func takeOutput() -> [UInt8] {
        defer { output = "" }
        return Array(output.utf8)
    }

    /// Draws the line, at the start and after other programs used the terminal.
    mutating func begin() {
        output += Sequence.pasteOn
        draw()
    }

    /// Removes the input line from the screen.
    mutating func end() {
        erase()
        output += Sequence.pasteOff
    }

    /// Shows lines above the input line; they may contain escape sequences of the program.
    mutating func show(_ lines: [String]) {
        erase()
        for line in lines { output += line.replacing("\n", with: "\r\n") + "\r\n" }
        draw()
    }

    /// Draws the line for a new size of the terminal.
    mutating func resize(_ size: Size) {
        let old = self.size
        self.size = size
        // A terminal that became narrower wrapped the drawn rows.
        if size.columns < old.columns {
            drawn = drawn.flatMap { width in
                [Int](repeating: 0, count: max(1, (width + size.columns - 1) / size.columns))
            }
            drawn += [Int](repeating: 0, count: drawnColumn / size.columns)
        }
        draw()
    }

    /// Takes bytes of the keyboard; returns the actions of the complete keys.
    mutating func feed(_ bytes: [UInt8]) -> [Action] { act(decoder.feed(bytes)) }

    /// Ends an incomplete key after a pause.
    mutating func idle() -> [Action] { act(decoder.idle()) }

    /// Drops the input so far, because only new input may answer a question.
    mutating func discard() {
        decoder.reset()
        line.clear()
    }

    private mutating func act(_ keys: [Key]) -> [Action] {
        var actions: [Action] = []
        for key in keys {
            if key != .searchBack { history.endSearch() }
            if let action = act(key) { actions.append(action) }
        }
        if !keys.isEmpty { draw() }
        return actions
    }

    private mutating func act(_ key: Key) -> Action? {
        switch key {
        case .scalar(let scalar): line.insert(scalar)
        case .paste(let text): line.paste(text)
        case .enter: return enter()
        case .tab: complete()
        case .backspace: line.deleteBackward()
        case .delete: line.deleteForward()
        case .left: line.move(by: -1)
        case .right: line.move(by: 1)
        case .home: line.moveToStart()
        case .end: line.moveToEnd()
        case .wordLeft: line.moveWordLeft()
        case .wordRight: line.moveWordRight()
        case .deleteToEnd: line.deleteToEnd()
        case .deleteToStart: line.deleteToStart()
        case .deleteWord: line.deleteWord()
        case .deleteNextWord: line.deleteNextWord()
        case .yank: line.yank()
        case .up: if let older = history.step(-1, from: line.typed) { line.set(older) }
        case .down: if let newer = history.step(1, from: line.typed) { line.set(newer) }
        case .searchBack: if let found = history.search(from: line.typed) { line.set(found) }
        case .redraw:
            output += Sequence.clearScreen
            drawn = []
            drawnColumn = 0
        case .suspend: return .suspend
        case .endOfInput:
            guard line.isEmpty else {
                line.deleteForward()
                return nil
            }
            return .end
        case .interrupt:
            guard !line.isEmpty else { return .end }
            line.clear()
            history.leave()
        }
        return nil
    }

    private mutating func enter() -> Action? {
        var typed = line.typed
        while typed.isPasted, typed.text.hasSuffix("\n") {
            typed = TypedLine(String(typed.text.dropLast()), isPasted: true)
        }
        // The entered line stays on the screen with all its rows.
        erase()
        line.set(typed)
        line.moveToEnd()
        let layout = LineLayout(prompt: prompt, line: line, columns: size.columns)
        output += layout.rows.joined(separator: "\r\n") + "\r\n"
        line.clear()
        if !typed.text.isEmpty { history.add(typed) } else { history.leave() }
        return .line(typed)
    }

    private mutating func complete() {
        let word = line.beforeCursor.suffix(while: { !$0.isWhitespace })
        let found = completion(String(word), word.count == line.beforeCursor.count).sorted()
        guard let first = found.first, let last = found.last else { return }
        // In a sorted list, the common start of the first and last words is common to all.
        let common = zip(first, last).prefix { $0.0 == $0.1 }.map(\.0)
        let rest = found.count == 1 ? Array(first) + [" "] : common
        if rest.count > word.count {
            line.insert(Array(rest.dropFirst(word.count)))
        } else if found.count > 1 {
            show([found.joined(separator: "  ")])
        }
    }

    // MARK: The screen

    /// The escape sequences that the editor writes (ECMA-48, and xterm's bracketed paste).
    private enum Sequence {
        static let pasteOn = "\u{1B}[?2004h"
        static let pasteOff = "\u{1B}[?2004l"
        static let eraseBelow = "\u{1B}[J"
        static let clearScreen = "\u{1B}[H\u{1B}[2J"
        static func up(_ count: Int) -> String { count > 0 ? "\u{1B}[\(count)A" : "" }
        static func right(_ count: Int) -> String { count > 0 ? "\u{1B}[\(count)C" : "" }
    }

    private mutating func erase() {
        output += "\r" + Sequence.up(drawn.count) + Sequence.eraseBelow
        drawn = []
        drawnColumn = 0
    }

    private mutating func draw() {
        erase()
        let layout = LineLayout(prompt: prompt, line: line, columns: size.columns)
        let visible = layout.visibleRows(max(1, size.rows - 1))
        output += layout.rows[visible].joined(separator: "\r\n")
        output +=
            "\r" + Sequence.up(visible.upperBound - 1 - layout.cursorRow)
            + Sequence.right(layout.cursorColumn)
        drawn = Array(layout.widths[visible.lowerBound..<layout.cursorRow])
        drawnColumn = layout.cursorColumn
    }
}

extension ArraySlice {
    fileprivate func suffix(while isWanted: (Element) -> Bool) -> ArraySlice {
        var start = endIndex
        while start > startIndex, isWanted(self[start - 1]) { start -= 1 }
        return self[start...]
    }
}
