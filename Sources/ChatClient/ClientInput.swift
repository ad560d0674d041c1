public import ChatProtocol
public import Failures

/// What a user can ask of the client.
public enum ClientInput: Sendable, Equatable {
    /// Say something; the reference is a program's name for it, which comes back with the answer.
    case say(String, reference: String? = nil)
    /// Show older messages; `nil`: as many as the server says.
    case history(Int?)
    /// Show who is here.
    case who
    /// Ask the server to end.
    case shutdown
    /// Ask the server to read its settings again.
    case reload
    /// Yes: what waits may be said to those who are in the room now.
    case proceed
    /// Leave now.
    case leave
    /// The input is over: leave when everything is acknowledged.
    case end

    /// The commands, for `/help` and for completion.
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

    /// What a line that somebody typed asks for; `nil` for `/help`.
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

    /// What a command does that cannot be undone, as a question; `nil` for all others.
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
