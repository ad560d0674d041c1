import ChatClient
import ChatProtocol

/// Asks before a command that cannot be undone is carried out.
///
/// A value without I/O.
struct Confirmation: Sendable {
    /// What to do about a line.
    enum Step: Sendable, Equatable {
        /// Carry it out.
        case take(ClientInput)
        /// Show this question and hand over its answer.
        case ask(String)
        /// The question was not answered with yes.
        case declined
        /// Show the help.
        case help
        /// Nothing: an empty line.
        case nothing
    }

    private static let answer = "yes"
    private let isTextOnly: Bool
    private let asks: Bool
    private var waiting: ClientInput?

    /// Takes commands as they come, or asks a person at a terminal; where `isTextOnly`, there are
    /// no commands.
    init(isTextOnly: Bool, asks: Bool) {
        self.isTextOnly = isTextOnly
        self.asks = asks
    }

    /// Takes a line; throws `ChatError` where there is no such command.
    ///
    /// What was pasted is text.
    mutating func take(_ line: String, isPasted: Bool = false) throws(ChatError) -> Step {
        if let command = waiting {
            waiting = nil
            return line == Confirmation.answer && !isPasted ? .take(command) : .declined
        }
        if isTextOnly || isPasted {
            // An empty line that was typed is the answer to what waits.
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
