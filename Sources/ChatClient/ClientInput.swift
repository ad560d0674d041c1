public import ChatProtocol
public import Failures

/// One input of the user: a message or a command.
public enum ClientInput: Sendable, Equatable {
    /// Send a message; `reference` is a program's name for it, which is returned with the answer.
    case say(String, reference: String? = nil)
    /// Show the last messages again: this number of them, or the server's default for `nil`.
    case history(Int?)
    /// Show the members and which of them are connected.
    case who
    /// Ask the server to shut down.
    case shutdown
    /// Ask the server to read its settings again.
    case reload
    /// Send the messages that are held because of new members.
    case proceed
    /// Leave the chat now.
    case leave
    /// The end of the input: leave after the last message is acknowledged.
    case end

    /// The commands that start with a slash, for completion.
    public static let commands = ["/help", "/history", "/who", "/exit", "/reload", "/shutdown"]

    /// The text of `/help`.
    public static let help = """
        /history [n]   show the last n messages again
        /who           who is a member, and who is here
        /exit          leave
        /reload        let the server read its settings again (admins only)
        /shutdown      end the server (admins only)
        //text         send a text that starts with a slash
        Any other line is sent to everybody in the room.
        """

    /// Reads a typed line; returns `nil` for `/help`, and throws `ChatError` for an unknown
    /// command.
    ///
    /// An empty line sends the messages that are held.
    public static func parse(line: String) throws(ChatError) -> ClientInput? {
        guard line.hasPrefix("/"), !line.hasPrefix("//") else {
            let text = line.hasPrefix("//") ? String(line.dropFirst()) : line
            return text.isEmpty ? .proceed : .say(text)
        }
        let words = line.split(separator: " ")
        switch (words[0], words.count) {
        case ("/help", _): return nil
        case ("/who", 1): return .who
        case ("/exit", 1), ("/quit", 1): return .leave
        case ("/shutdown", 1): return .shutdown
        case ("/reload", 1): return .reload
        case ("/history", 1): return .history(nil)
        case ("/history", 2):
            guard let count = Int(words[1]), count > 0 else {
                throw ChatError.unknownCommand(line)
            }
            return .history(count)
        default: throw ChatError.unknownCommand(line)
        }
    }

    /// The end of the question that confirms a command that cannot be undone; `nil` for other
    /// inputs.
    public var consequence: String? {
        switch self {
        case .shutdown: "end the server for everybody"
        case .say, .history, .who, .reload, .proceed, .leave, .end: nil
        }
    }
}

extension ChatError {
    static func unknownCommand(_ line: String) -> ChatError {
        ChatError(
            .unknownCommand,
            "there is no such command: \(line.prefix(60))",
            hint: "/help lists the commands; //text sends a text that starts with a slash"
        )
    }
}
