internal import AgentClient
internal import AgentProtocol
internal import Glibc

/// Asks a person whether a key may be used, with the program of `$SSH_ASKPASS`, as ssh-agent does.
enum Question {
    private static let programs = ["/usr/bin/ssh-askpass", "/usr/lib/ssh/ssh-askpass"]

    /// Blocks until the program ends or the time is over; no program means no.
    static func ask(_ text: String) -> Bool {
        let program =
            AgentAddress.environment("SSH_ASKPASS")
            ?? programs.first { unsafe access($0, X_OK) == 0 }
        guard let program, let process = start(program, text) else { return false }
        let end = AgentTime.now.adding(seconds: AgentLimits.answerSeconds)
        var status: Int32 = 0
        while true {
            // SAFETY: waitpid writes one status.
            let ended = unsafe waitpid(process, &status, WNOHANG)
            if ended == process { break }
            guard ended == 0 || errno == EINTR, end.millisecondsLeft > 0 else {
                kill(process, SIGKILL)
                while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
                return false
            }
            _ = poll(nil, 0, 20)
        }
        return status == 0
    }

    private static func start(_ program: String, _ text: String) -> pid_t? {
        // Its answer is its exit status.
        SpawnedProcess.start(
            program,
            [program, text],
            adding: ["SSH_ASKPASS_PROMPT=confirm"],
            descriptors: [STDIN_FILENO: nil, STDOUT_FILENO: nil, STDERR_FILENO: nil]
        )
    }
}
