import Foundation
import Synchronization

/// A real program in a process with a session of its own, and so without a terminal.
///
/// Its lines are read as they come, and lines can be sent to it.
public final class Child: Sendable {
    /// The process id.
    public let processID: Int32
    private let input: Mutex<Int32>
    private let isRunning = Mutex(true)
    private let lines: Inbox<String>
    private let errors: Inbox<String>
    private let ended = Inbox<String>()
    private let speaksJSON: Bool

    /// The folder of the built programs: beside the test runner, or in `TEST_PROGRAMS`.
    public static let programs =
        ProcessInfo.processInfo.environment["TEST_PROGRAMS"]
        ?? URL(fileURLWithPath: "/proc/self/exe")
        .resolvingSymlinksInPath().deletingLastPathComponent().path

    // Held from making a pipe until the spawn, so that no child inherits another child's pipe.
    private static let spawning = Mutex(())

    /// Starts a built program or a program of the system.
    ///
    /// With `speaksJSON`, sent lines become JSON requests.
    public init(
        _ program: String,
        _ arguments: [String],
        folder: String,
        environment: [String: String] = [:],
        speaksJSON: Bool = false
    ) throws {
        self.speaksJSON = speaksJSON
        _ = signal(SIGPIPE, SIG_IGN)  // a child may end before it has read everything
        let built = "\(Child.programs)/\(program)"
        let path = unsafe access(built, X_OK) == 0 ? built : Child.systemPath(program)
        let variables = Child.environment(folder: folder, adding: environment)
        let (process, pipes) = try Child.spawning.withLock { _ in
            try Child.spawn(
                "/usr/bin/env",
                ["env", "-C", folder, path] + arguments,
                variables.map { "\($0)=\($1)" }
            )
        }
        processID = process
        input = Mutex(pipes[0])
        lines = Inbox<String>(reading: pipes[1])
        errors = Inbox<String>(reading: pipes[2])
        Thread.detachNewThread { [ended, weak self] in
            var status: Int32 = 0
            // SAFETY: waitpid writes one status.
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            self?.isRunning.withLock { $0 = false }
            let signal = status & 0x7f
            ended.add("\(signal == 0 ? status >> 8 & 0xff : 128 + signal)")
            ended.finish()
        }
    }

    private static func systemPath(_ program: String) -> String {
        ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"].map { "\($0)/\(program)" }
            .first { unsafe access($0, X_OK) == 0 } ?? program
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String]
    ) throws -> (Int32, [Int32]) {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        var ours: [Int32] = []
        var theirs: [Int32] = []
        for descriptor in Int32(0)..<3 {
            var ends: [Int32] = [0, 0]
            guard unsafe pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
            let (mine, other) = descriptor == 0 ? (ends[1], ends[0]) : (ends[0], ends[1])
            _ = fcntl(mine, F_SETFD, FD_CLOEXEC)
            _ = fcntl(other, F_SETFD, FD_CLOEXEC)
            unsafe posix_spawn_file_actions_adddup2(&actions, other, descriptor)
            ours.append(mine)
            theirs.append(other)
        }
        defer { for item in theirs { close(item) } }
        // A new session has no terminal. The signal mask of the test runner is not inherited.
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = 0x80 | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF  // POSIX_SPAWN_SETSID
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            for index in 0..<arguments.count { unsafe free(words[index]) }
            for index in 0..<environment.count { unsafe free(variables[index]) }
        }
        var process: Int32 = 0
        let status = unsafe posix_spawn(
            &process,
            path,
            &actions,
            &attributes,
            &words,
            &variables
        )
        guard status == 0 else {
            for item in ours { close(item) }
            throw POSIXError(POSIXErrorCode(rawValue: status) ?? .ENOENT)
        }
        return (process, ours)
    }

    deinit {
        kill(SIGKILL)
        endInput()
    }

    /// Returns the clean environment of every child.
    public static func environment(
        folder: String,
        adding more: [String: String] = [:]
    ) -> [String: String] {
        let ours = ProcessInfo.processInfo.environment
        return [
            "PATH": "\(programs):/usr/local/bin:/usr/bin:/bin", "HOME": folder,
            "KEYCTL_HOME": "\(folder)/home", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
        ].merging(ours.filter { sanitizerNames.contains($0.key) }) { $1 }.merging(more) { $1 }
    }

    /// The variables of sanitizers and of crash reports, which scripts/sanitize sets.
    private static let sanitizerNames = [
        "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE",
    ]

    /// Whether the programs run under a sanitizer, which makes them slower and larger.
    public static let isSanitized =
        ProcessInfo.processInfo.environment["ASAN_OPTIONS"] != nil
    /// How many times more time and memory the programs may take.
    public static let slowness = isSanitized ? 20 : 1

    /// Sends a signal if the process is still running.
    public func kill(_ signal: Int32) {
        isRunning.withLock { if $0 { _ = Foundation.kill(processID, signal) } }
    }

    /// Writes a line to standard input.
    ///
    /// For a program that speaks JSON, the line becomes a request.
    public func send(_ line: String) {
        let written = speaksJSON ? Child.request(line) : line
        sendBytes(Array((written + "\n").utf8))
    }

    /// Returns a line as a JSON request.
    ///
    /// A line that is an object stays as it is.
    public static func request(_ line: String) -> String {
        guard !line.isEmpty, !line.hasPrefix("{") else { return line }
        let isCommand = line.hasPrefix("/") && !line.hasPrefix("//")
        let text = line.hasPrefix("//") ? String(line.dropFirst()) : line
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let fields = [isCommand ? "command" : "send": text]
        return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Writes bytes to standard input.
    ///
    /// The process may have ended.
    public func sendBytes(_ bytes: [UInt8]) {
        let descriptor = input.withLock { $0 }
        var rest = bytes[...]
        while descriptor >= 0, !rest.isEmpty {
            // SAFETY: write reads at most as many bytes as are left.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Closes standard input.
    public func endInput() {
        input.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    /// Returns the next line that contains `text`; `nil` if the output ends before.
    public func line(with text: String) async -> String? { await lines.next { $0.contains(text) } }

    /// Returns the next line, whatever it is; `nil` at the end of the output.
    public func nextLine() async -> String? { await lines.next { _ in true } }

    /// Returns the next line of standard error that contains `text`.
    public func errorLine(with text: String) async -> String? {
        await errors.next { $0.contains(text) }
    }

    /// Waits for the end; returns the exit status, or 128 plus the signal.
    public func exit() async -> Int32 {
        let status = await ended.next { _ in true }
        return status.flatMap { Int32($0) } ?? -1
    }

    /// Makes `line(with:)` begin at the first line again.
    public func rewind() { lines.rewind() }

    /// Returns all lines of standard output, after the end of the process.
    public func allLines() async -> [String] { await lines.whole() }
    /// The lines of standard output until now.
    public var linesSoFar: [String] { lines.soFar }
    /// The lines of standard error until now.
    public var errorsSoFar: [String] { errors.soFar }
    /// Returns all of standard error, after the end of the process.
    public func allErrors() async -> String { await errors.whole().joined(separator: "\n") }
}

extension Inbox<String> {
    /// Makes an inbox of the lines of a descriptor, until the other side closes it.
    convenience init(reading descriptor: Int32) {
        self.init()
        // The thread owns the descriptor.
        Thread.detachNewThread { [self] in
            var rest: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                // SAFETY: read writes at most the buffer's count.
                let count = unsafe read(descriptor, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                rest += buffer.prefix(count)
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    add(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeFirst(end + 1)
                }
            }
            if !rest.isEmpty { add(String(decoding: rest, as: UTF8.self)) }
            close(descriptor)
            finish()
        }
    }
}
