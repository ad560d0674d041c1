internal import Agent
internal import AgentClient
internal import ArgumentParser
internal import CommandSupport
internal import Glibc

/// The agent as a process of its own, which outlives the command that started it.
enum BackgroundAgent {
    /// The variable by which the child knows the descriptor on which it says that it listens.
    private static let variable = "KEYCTL_AGENT_READY"
    private static let readyDescriptor: Int32 = 3

    /// Whether this process is the child.
    static var isChild: Bool { AgentAddress.environment(variable) != nil }

    /// Starts this program again as `agent start --foreground`, and waits until it listens.
    ///
    /// Throws where it does not: then it has printed its error.
    static func start() throws {
        var ends: [Int32] = [0, 0]
        // SAFETY: pipe writes two descriptors.
        guard unsafe pipe(&ends) == 0 else { throw cannotStart }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A descriptor that is already 3 would keep its flag, and be closed.
        let writingEnd = fcntl(ends[1], F_DUPFD_CLOEXEC, readyDescriptor + 1)
        close(ends[1])
        let child = SpawnedProcess.start(
            "/proc/self/exe",
            ["keyctl", "agent", "start", "--foreground"],
            adding: ["\(variable)=\(readyDescriptor)"],
            descriptors: [STDIN_FILENO: nil, STDOUT_FILENO: nil, readyDescriptor: writingEnd]
        )
        close(writingEnd)
        guard child != nil else { throw cannotStart }
        var byte: UInt8 = 0
        // SAFETY: one byte is written.
        while true {
            let count = unsafe read(ends[0], &byte, 1)
            if count == 1 { return }
            guard count < 0, errno == EINTR else { throw ExitCode(ExitStatus.failed) }
        }
    }

    /// In the child: leaves the terminal and the folder, and tells the parent that it listens.
    static func detach() throws {
        let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0, unsafe chdir("/") == 0 else { throw cannotStart }
        unsafe unsetenv(variable)
        for descriptor in STDIN_FILENO...STDERR_FILENO { dup2(null, descriptor) }
        close(null)
        // SAFETY: one byte is read.
        _ = unsafe write(readyDescriptor, [1], 1)
        close(readyDescriptor)
    }

    private static var cannotStart: CommandError {
        .failed("the agent cannot be started in the background", hint: "try: --foreground")
    }
}
