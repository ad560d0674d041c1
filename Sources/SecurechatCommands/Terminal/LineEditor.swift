/// A line being typed at the bottom of a terminal, and lines that arrive above it.
///
/// A value without I/O, and the only part of the client that knows keys and escape sequences:
/// bytes of the keyboard go in by `feed`, lines to show by `show`, and what the terminal is to
/// print is taken with `takeOutput`.
struct LineEditor {
    /// A terminal's size in characters.
    struct Size: Equatable, Sendable {
        var columns: Int
        var rows: Int
    }

    /// What a key asks of the owner.
    enum Action: Equatable, Sendable {
        /// A line was entered.
        case line(TypedLine)
        /// Ctrl-D or Ctrl-C on an empty line.
        case end
        /// Ctrl-Z.
        case suspend
    }

    /// What can be written for the start of a word, which may be the line's first.
    typealias Completion = @Sendable (_ start: String, _ isFirst: Bool) -> [String]

    /// What stands before the line; set, it is drawn anew.
    var prompt: String { didSet { draw() } }

    private var size: Size
    private let completion: Completion
    private var decoder = KeyDecoder()
    private var line = EditedLine()
    private var history = TypedHistory()
    private var output = ""
    /// The widths of the rows that stand on the screen above the cursor, and the cursor's place.
    private var drawn: [Int] = []
    private var drawnColumn = 0

    init(prompt: String, size: Size, completion: @escaping Completion = { _, _ in [] }) {
        self.prompt = prompt
        self.size = size
        self.completion = completion
    }

    /// Whether half a key is there: `idle` is to be called if nothing follows.
    var isHalfway: Bool { decoder.isHalfway }

    /// What is to be printed since the last call.
    mutating func takeOutput() -> [UInt8] {
        defer { output = "" }
        return Array(output.utf8)
    }

    /// Begins, or begins again after other programs used the terminal.
    mutating func begin() {
        output += Sequence.pasteOn
        draw()
    }

    /// Ends: the line being typed is taken off the screen.
    mutating func end() {
        erase()
        output += Sequence.pasteOff
    }

    /// Shows lines above the one being typed; escape sequences in them are the caller's.
    mutating func show(_ lines: [String]) {
        erase()
        for line in lines { output += line.replacing("\n", with: "\r\n") + "\r\n" }
        draw()
    }

    /// The terminal has another size now.
    mutating func resize(_ size: Size) {
        let old = self.size
        self.size = size
        // A terminal that became narrower has folded the rows that stand on it.
        if size.columns < old.columns {
            drawn = drawn.flatMap { width in
                [Int](repeating: 0, count: max(1, (width + size.columns - 1) / size.columns))
            }
            drawn += [Int](repeating: 0, count: drawnColumn / size.columns)
        }
        draw()
    }

    /// Takes what the keyboard sends.
    mutating func feed(_ bytes: [UInt8]) -> [Action] { act(decoder.feed(bytes)) }

    /// Nothing followed half a key.
    mutating func idle() -> [Action] { act(decoder.idle()) }

    /// Forgets half a key and half a line: a question was asked that only its answer may answer.
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
        // What was entered stays on the screen, all of it.
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
        // Sorted, the first and the last share what all of them share.
        let common = zip(first, last).prefix { $0.0 == $0.1 }.map(\.0)
        let rest = found.count == 1 ? Array(first) + [" "] : common
        if rest.count > word.count {
            line.insert(Array(rest.dropFirst(word.count)))
        } else if found.count > 1 {
            show([found.joined(separator: "  ")])
        }
    }

    // MARK: The screen

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
