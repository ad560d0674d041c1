import ChatClient
import ChatProtocol

/// Asks for confirmation of a command that cannot be undone.
///
/// It is a value without I/O.
struct Confirmation: Sendable {
    /// The next step after a line.
    enum Step: Sendable, Equatable {
        /// Carry out this input.
        case take(ClientInput)
        /// Show this question; the next line is its answer.
        case ask(String)
        /// The answer was not "yes", so the command is dropped.
        case declined
        /// Show the help.
        case help
        /// Do nothing, because the line is empty.
        case nothing
    }

    private static let answer = "yes"
    private let isTextOnly: Bool
    private let asks: Bool
    private var waiting: ClientInput?

    /// With `asks`, commands that cannot be undone are confirmed; with `isTextOnly`, all lines are
    /// text.
    init(isTextOnly: Bool, asks: Bool) {
        self.isTextOnly = isTextOnly
        self.asks = asks
    }

    /// Takes a line; throws `ChatError` for an unknown command.
    ///
    /// A pasted line is always text.
    mutating func take(_ line: String, isPasted: Bool = false) throws(ChatError) -> Step {
        if let command = waiting {
            waiting = nil
            return line == Confirmation.answer && !isPasted ? .take(command) : .declined
        }
        if isTextOnly || isPasted {
            // A typed empty line sends the messages that are held.
            return line.isEmpty ? (isPasted ? .nothing : .take(.proceed)) : .take(.say(line))
        }
        guard let input = try ClientInput.parse(line: line) else {
            return line.isEmpty ? .nothing : .help
        }
        guard asks, let consequence = input.consequence else { return .take(input) }
        waiting = input
        return .ask("This will \(consequence). Type \(Confirmation.answer) to continue: ")
    }
}
