import ChatClient
import ChatProtocol
import Synchronization
import Testing

@testable import SecurechatCommands

/// What people and programs are shown, and what is done about their lines.
struct ClientOutputTests {
    private final class Lines: LineOutput {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String, to stream: OutputQueue.Stream) {
            lines.withLock { $0.append(line) }
        }
        func flush() async {}
    }

    /// Noon of a day in January 2020, in milliseconds.
    ///
    /// It is the same day in almost every time zone.
    private static func noon(_ day: Int64) -> Int64 {
        (1_577_836_800 + (day - 1) * 86_400 + 43_200) * 1_000
    }

    @Test func `a line at each change of day says which day it is`() {
        let lines = Lines()
        let output = TextOutput(isColored: false, lines: lines)
        for (text, day) in [("a", 1), ("b", 1), ("c", 2), ("d", 1)] as [(String, Int64)] {
            output.show(.notice(text: text, time: ClientOutputTests.noon(day)))
        }
        let shown = lines.all.map { $0.hasPrefix("---") ? $0 : String($0.suffix(1)) }
        #expect(
            shown == [
                "--- 2020-01-01 ---", "a", "b", "--- 2020-01-02 ---", "c", "--- 2020-01-01 ---",
                "d",
            ]
        )
    }

    @Test func `a mark stands between what was missed and what is live`() {
        let lines = Lines()
        let output = TextOutput(isColored: false, lines: lines)
        for count in [0, 1, 7] { output.show(.live(missedCount: count)) }
        #expect(
            lines.all == [
                "* you missed 1 message; new messages follow",
                "* you missed 7 messages; new messages follow",
            ]
        )
    }

    @Test func `a command that cannot be undone asks a person, and only yes is an answer`() throws {
        for (answer, isPasted, isTaken) in [
            ("yes", false, true), ("yes", true, false), ("no", false, false), ("", false, false),
            ("YES", false, false), ("/shutdown", false, false),
        ] {
            var confirmation = Confirmation(isTextOnly: false, asks: true)
            guard case .ask = try confirmation.take("/shutdown") else {
                Issue.record("it did not ask")
                continue
            }
            let step = try confirmation.take(answer, isPasted: isPasted)
            #expect(step == (isTaken ? .take(.shutdown) : .declined))
            #expect(try confirmation.take("hello") == .take(.say("hello")))
        }
        var script = Confirmation(isTextOnly: false, asks: false)
        #expect(try script.take("/shutdown") == .take(.shutdown))
        var text = Confirmation(isTextOnly: true, asks: true)
        #expect(try text.take("/shutdown") == .take(.say("/shutdown")))
        #expect(try text.take("//who") == .take(.say("//who")))
        #expect(try text.take("") == .take(.proceed))
    }
}
