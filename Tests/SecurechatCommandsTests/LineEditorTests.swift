import Testing

@testable import SecurechatCommands

/// The line being typed: keys in, actions and a screen out.
struct LineEditorTests {
    private static let escape = "\u{1B}"

    private func editor(columns: Int = 40, rows: Int = 10) -> LineEditor {
        LineEditor(prompt: "> ", size: .init(columns: columns, rows: rows)) { start, isFirst in
            (isFirst ? ["/help", "/history", "/who"] : ["bob", "bea"]).filter {
                !start.isEmpty && $0.hasPrefix(start)
            }
        }
    }

    /// Returns the lines that these bytes enter, given at once and byte by byte.
    private func lines(_ typed: String) -> [TypedLine] {
        var whole = editor()
        let actions = whole.feed(Array(typed.utf8))
        var slow = editor()
        var others: [LineEditor.Action] = []
        for byte in typed.utf8 { others += slow.feed([byte]) }
        #expect(actions == others)
        return actions.compactMap { if case .line(let line) = $0 { line } else { nil } }
    }

    @Test(arguments: [
        ("hello\r", "hello"), ("grüße 日本 🏴‍☠️ e\u{301}\r", "grüße 日本 🏴‍☠️ e\u{301}"),
        ("bc\u{01}a\u{05}d\r", "abcd"), ("ac\u{1B}[Db\r", "abc"), ("ac\u{1B}ODb\r", "abc"),
        ("abc\u{7F}\u{7F}x\r", "ax"), ("日本\u{7F}\r", "日"), ("e\u{301}\u{7F}\r", ""),
        ("one two\u{17}x\r", "one x"), ("one two\u{17}\u{19}\u{19}\r", "one twotwo"),
        ("abcd\u{02}\u{02}\u{0B}x\r", "abx"), ("abcd\u{02}\u{02}\u{15}x\r", "xcd"),
        ("one two\u{1B}bx\r", "one xtwo"), ("one two\u{01}\u{1B}fx\r", "onex two"),
        ("one two\u{1B}[1;5Dx\r", "one xtwo"), ("one two\u{1B}\u{7F}\r", "one "),
        ("abc\u{1B}[H\u{1B}[3~\r", "bc"), ("abc\u{1B}[1~x\u{1B}[4~y\r", "xabcy"),
        ("first\rsecond\r\u{1B}[A\u{1B}[A\r", "first"), ("a\rb\u{10}\u{0E}c\r", "bc"),
        ("apple\rbanana\ra\u{12}\u{12}\r", "apple"), ("lost\u{03}kept\r", "kept"),
        // Unknown keys do nothing, and a single Esc is not the prefix of the next key.
        ("\u{1B}x\r", "x"), ("\u{16}a\u{14}\u{1B}[17~\u{1B}[[Ab\r", "ab"),
        ("\u{1B}\u{1B}[Da\r", "a"),
        ("\u{1B}[38;5\u{03}a\r", "a"),
    ])
    func `keys edit as they do elsewhere`(typed: String, expected: String) {
        #expect(lines(typed).last?.text == expected)
    }

    @Test func `what is pasted is text with its line breaks, and Enter sends it`() {
        let (start, end) = ("\u{1B}[200~", "\u{1B}[201~")
        #expect(lines("\(start)/shutdown\r\(end)") == [])
        #expect(
            lines("\(start)/shutdown\r\(end)\r") == [TypedLine("/shutdown", isPasted: true)]
        )
        #expect(
            lines("\(start)a\r\nb\tc\u{1B}[A\u{03}\(end)\r")
                == [TypedLine("a\nb\tc[A", isPasted: true)]
        )
        // Typed before or after a paste: the start of the line decides.
        #expect(lines("x\(start)y\(end)\r") == [TypedLine("xy")])
        #expect(lines("\(start)y\(end)x\r") == [TypedLine("yx", isPasted: true)])
        #expect(lines("\(start)y\(end)\u{01}/\r") == [TypedLine("/y")])
        #expect(lines("\(start)y\(end)\u{7F}/who\r") == [TypedLine("/who")])
        // A line from the history is as it was.
        #expect(lines("\(start)/who\(end)\r\u{1B}[A\r").last == TypedLine("/who", isPasted: true))
    }

    @Test func `Ctrl-D and Ctrl-C on an empty line end it, and Ctrl-Z suspends`() {
        for (typed, expected) in [
            ("\u{04}", [LineEditor.Action.end]), ("\u{03}", [.end]), ("\u{1A}", [.suspend]),
            ("a\u{04}", []), ("a\u{03}", []),
        ] {
            var editor = editor()
            #expect(editor.feed(Array(typed.utf8)) == expected)
        }
    }

    @Test func `half a key waits, and is forgotten when nothing follows`() {
        var editor = editor()
        for half in ["\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}[1;"] {
            #expect(editor.feed(Array(half.utf8)).isEmpty)
            #expect(editor.isHalfway)
            #expect(editor.idle().isEmpty)
            #expect(!editor.isHalfway)
        }
        #expect(editor.feed(Array("a\r".utf8)) == [.line(TypedLine("a"))])
        // Bytes that are not UTF-8 are replaced, and not lost.
        #expect(editor.feed([0xF6, 0x61, 0x0D]) == [.line(TypedLine("\u{FFFD}a"))])
    }

    @Test func `Tab completes commands and members, and nothing else`() {
        #expect(lines("/hi\t\r").last?.text == "/history ")
        #expect(lines("/h\t\r").last?.text == "/h")
        #expect(lines("hi bo\t!\r").last?.text == "hi bob !")
        #expect(lines("hi b\te\t\r").last?.text == "hi bea ")
        #expect(lines("etc\t\r").last?.text == "etc")
        #expect(lines("\t\r").last?.text == "")
    }

    @Test func `a line of many rows never moves beyond the screen`() {
        var editor = editor(columns: 10, rows: 4)
        _ = editor.feed(Array(String(repeating: "日", count: 100).utf8))
        _ = editor.takeOutput()
        editor.show(["incoming"])
        let output = String(decoding: editor.takeOutput(), as: UTF8.self)
        #expect(output.hasPrefix("\r\u{1B}[2A\u{1B}[J" + "incoming\r\n"))
    }

    @Test(arguments: 0..<7)
    func `the end of a paste that is too long is seen, wherever the limit falls`(shift: Int) {
        var editor = editor()
        let tooLong = String(repeating: "x", count: (1 << 20) + 20 - shift)
        let actions = editor.feed(Array("\(Self.escape)[200~\(tooLong)\(Self.escape)[201~".utf8))
        #expect(actions.isEmpty)
        // After the paste, keys work again: Ctrl-U empties the line.
        let entered = editor.feed([0x15] + Array("ok\r".utf8))
        #expect(entered.count == 1)
    }
}
