import ChatClient
import ChatProtocol
import Failures
import KeyFormats
import NIOConcurrencyHelpers

/// Shows events as lines of text: messages go to standard output, all other lines to standard
/// error.
///
/// On a terminal, both are shown above the input line. The client's actor calls it.
final class TextOutput: ClientOutput {
    /// The start of each further line of a message, so that a message cannot imitate another
    /// message.
    static let continuation = "    | "

    private let lines: any LineOutput
    private let isColored: Bool
    /// The day of the last line with a time; at the start it is today, which is not printed.
    private let day = NIOLockedValueBox(Clock.day(Clock.now))

    /// Writes through `lines`.
    init(isColored: Bool, lines: any LineOutput) {
        self.isColored = isColored
        self.lines = lines
    }

    /// Shows one event.
    func show(_ event: ClientEvent) {
        switch event {
        case .ready(let user, let server, let rooms, let retention):
            note(dim("* you are \(user) in \(rooms.joined(separator: ", ")) on \(server)"))
            if !retention.isEmpty { note(dim("* \(retention)")) }
        case .message(let message): show(message)
        case .acknowledged: return
        case .live(let missedCount):
            guard missedCount > 0 else { return }
            let missed = missedCount == 1 ? "1 message" : "\(missedCount) messages"
            note(dim("* you missed \(missed); new messages follow"))
        case .history(_, let count):
            note(dim(count == 1 ? "* the last message:" : "* the last \(count) messages:"))
        case .members(let names, let unverified): show(names, unverified)
        case .held(let count, let newcomers):
            let what = count == 1 ? "your last message waits" : "your last \(count) messages wait"
            note(color("31", "! \(what): \(TextOutput.list(newcomers)) would read it, too"))
            note(dim("  press Enter on an empty line to send it, or Ctrl-D to drop it"))
        case .notice(let text, let time):
            tellDay(time)
            note(dim("\(Clock.short(time)) * \(text)"))
        case .who(let online, let offline):
            note("* here: \(online.joined(separator: ", "))")
            if !offline.isEmpty { note(dim("* away: \(offline.joined(separator: ", "))")) }
        case .reloaded(nil): note("* the server has read its settings again")
        case .reloaded(let failure?):
            note(color("31", "! the server keeps its old settings; \(failure)"))
        case .error(let error), .refused(let error, _, _):
            note(color("31", "! \(error.message)"))
            if let hint = error.hint { note(dim("  \(hint)")) }
        case .reconnecting(let reason): note(dim("* \(reason); trying again"))
        case .bye(let reason): note(dim("* \(reason)"))
        }
    }

    /// Returns after every line was written.
    func flush() async { await lines.flush() }

    private static let listedCount = 20

    private static func list(_ names: [KeyName]) -> String {
        let listed = names.prefix(listedCount).map(\.description).joined(separator: ", ")
        let rest = names.count - listedCount
        return rest > 0 ? "\(listed) and \(rest) more" : listed
    }

    private func show(_ members: [KeyName], _ unverified: [KeyName]) {
        note(dim("* in the room: \(TextOutput.list(members))"))
        guard let first = unverified.first else { return }
        note("* you never compared the keys of: \(TextOutput.list(unverified))")
        note(dim("  keyctl import \(first).pub, then keyctl verify-contact \(first), compares one"))
    }

    private func show(_ message: ChatMessage) {
        tellDay(message.time)
        let clock = dim(Clock.short(message.time))
        let mark = message.isReplay ? dim("(history) ") : ""
        let said = Printable.messageLines(message.text)
            .joined(separator: "\n" + dim(TextOutput.continuation))
        lines.add("\(clock) \(mark)<\(bold(message.from.description))> \(said)", to: .result)
    }

    /// Prints the date before the first line of a new day, because the lines show only the time.
    private func tellDay(_ time: Int64) {
        let present = Clock.day(time)
        let isNew = day.withLockedValue { day in
            defer { day = present }
            return day != present
        }
        if isNew { lines.add(dim("--- \(present) ---"), to: .result) }
    }

    private func note(_ text: String) { lines.add(text, to: .note) }

    private func color(_ code: String, _ text: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private func dim(_ text: String) -> String { color("2", text) }
    private func bold(_ text: String) -> String { color("1", text) }
}

/// The destination of text lines: a terminal with an input line, or two streams.
protocol LineOutput: Sendable {
    /// Shows a line; it may contain line breaks that the client itself added.
    func add(_ line: String, to stream: OutputQueue.Stream)
    /// Returns after every line was written.
    func flush() async
}

extension OutputQueue: LineOutput {
    /// Shows a line.
    func add(_ line: String, to stream: Stream) {
        add(Array((line + "\n").utf8), to: stream)
    }
}
