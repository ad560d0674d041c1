internal import AgentClient
internal import AgentProtocol
internal import Glibc

extension AgentError {
    static func running(_ folder: String) -> AgentError {
        .system(
            "an agent is running already, with its sockets in \(folder)",
            hint: "see it: keyctl agent status; end it: keyctl agent stop"
        )
    }

    static func socket(_ path: String, _ number: Int32) -> AgentError {
        guard number != ENAMETOOLONG else {
            return .system(
                "the path of a socket is longer than 107 bytes: \(path)",
                hint: "set XDG_RUNTIME_DIR to a private folder with a short path"
            )
        }
        // SAFETY: strerror returns a string that lives at least until its next call.
        return .system("cannot listen at \(path): \(unsafe String(cString: strerror(number)))")
    }

    static var noSignals: AgentError { .system("the system refuses a descriptor for signals") }
}
