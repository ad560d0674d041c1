import CryptoCore
import Failures
import Glibc
import PluginProcess
import Testing

/// Programs of the tests are scripts of the shell: short, and the same everywhere.
struct PluginProcessTests {
    init() { _ = signal(SIGPIPE, SIG_IGN) }

    private static let soon = Duration.seconds(20)

    private func start(
        _ script: String,
        environment: PluginProgram.Environment = .only([]),
        forbidsNewPrivileges: Bool = false,
        largestOutputByteCount: Int = 1 << 20
    ) throws -> PluginProcess {
        try PluginProcess(
            PluginProgram(
                path: "/bin/sh",
                arguments: ["-c", script],
                environment: environment,
                forbidsNewPrivileges: forbidsNewPrivileges,
                largestOutputByteCount: largestOutputByteCount
            )
        )
    }

    private func output(of process: PluginProcess) throws -> String {
        var bytes: [UInt8] = []
        while true {
            let piece = try process.read(within: PluginProcessTests.soon)
            guard piece.count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece.publicBytes
        }
    }

    private func code(_ body: () throws -> Void) -> PluginProcessErrorCode? {
        do { try body() } catch { return (error as? PluginProcessError)?.code }
        return nil
    }

    /// Whether a process is there, and is no zombie.
    private func isRunning(_ id: Int32) -> Bool {
        guard let file = unsafe fopen("/proc/\(id)/stat", "r") else { return false }
        defer { unsafe fclose(file) }
        var text = [CChar](repeating: 0, count: 512)
        let count = unsafe fread(&text, 1, text.count - 1, file)
        let bytes = text.prefix(count).map { UInt8(bitPattern: $0) }
        return !String(decoding: bytes, as: UTF8.self).contains(") Z")
    }

    @Test func `answers what it is asked, and ends`() throws {
        let process = try start("read line; echo \"got $line\"")
        try process.write(Array("hello\n".utf8).borrowedBytes, within: PluginProcessTests.soon)
        #expect(try output(of: process) == "got hello\n")
        #expect(process.end(within: PluginProcessTests.soon) == .exited(0))
        #expect(process.end(within: .zero) == .exited(0))
    }

    @Test func `tells how a program ended`() throws {
        #expect(try start("exit 3").end(within: PluginProcessTests.soon) == .exited(3))
        let killed = try start("kill -KILL $$").end(within: PluginProcessTests.soon)
        #expect(killed == .signaled(SIGKILL))
    }

    @Test func `gives the variables that it is told, and no others`() throws {
        let process = try start("/usr/bin/env", environment: .only(["A=1", "B=two words"]))
        let lines = try output(of: process).split(separator: "\n").map(String.init)
        let known = lines.filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("_=") }
        #expect(known.filter { !$0.hasPrefix("SHLVL=") }.sorted() == ["A=1", "B=two words"])
    }

    @Test func `gives its own variables where it is told to`() throws {
        let process = try start("echo \"$PATH\"", environment: .inherited(except: []))
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        #expect(try output(of: process) == path + "\n")
    }

    @Test func `gives no variable that it is told to keep back`() throws {
        for name in ["PLUGIN_TEST", "PLUGIN_TEST_2"] { unsafe setenv(name, "secret", 1) }
        let names = ["PLUGIN_TEST", "not there", ""]
        let process = try start("/usr/bin/env", environment: .inherited(except: names))
        let lines = try output(of: process).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("PLUGIN_TEST") } == ["PLUGIN_TEST_2=secret"])
    }

    @Test func `starts in the root folder, in its own session, without terminal and core files`()
        throws
    {
        let process = try start(
            "pwd; ulimit -c; cut -d' ' -f1,5,6,7 /proc/self/stat; echo $$; : </dev/tty || echo none"
        )
        let lines = try output(of: process).split(separator: "\n").map(String.init)
        #expect(lines[0] == "/")
        #expect(lines[1] == "0")
        let numbers = lines[2].split(separator: " ")
        #expect(numbers[1] == lines[3])  // process group
        #expect(numbers[2] == lines[3])  // session
        #expect(numbers[3] == "0")  // terminal
    }

    @Test func `gets no other descriptors and no ignored signals`() throws {
        let leaked = unsafe open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        let process = try start("for fd in /proc/$$/fd/*; do echo \"${fd##*/}\"; done")
        #expect(try output(of: process).split(separator: "\n").prefix(3) == ["0", "1", "2"])
        let signals = try start("grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status")
        let masks = try output(of: signals).split(separator: "\n").map { $0.suffix(7) }
        // Without the signals from 29 on: glibc keeps two of them for itself.
        #expect(masks.prefix(2) == ["0000000", "0000000"])
        let plain = try start("[ -e /proc/$$/fd/\(leaked) ] && echo leaked; echo done")
        #expect(try output(of: plain) == "done\n")
    }

    @Test func `forbids new privileges where it is told to`() throws {
        let script = "grep NoNewPrivs /proc/self/status"
        let process = try start(script, forbidsNewPrivileges: true)
        #expect(try output(of: process) == "NoNewPrivs:\t1\n")
    }

    @Test func `says which program cannot be started`() throws {
        for path in ["/nonexistent/program", "/etc/passwd"] {
            let program = PluginProgram(
                path: path,
                arguments: [],
                environment: .only([]),
                forbidsNewPrivileges: false,
                largestOutputByteCount: 1
            )
            #expect(code { _ = try PluginProcess(program) } == .notStarted)
        }
    }

    @Test func `gives up on a program that is silent, and stops it with its children`() throws {
        let process = try start("trap '' TERM; /bin/sleep 1000 & echo $!; wait")
        let piece = try process.read(within: PluginProcessTests.soon).publicBytes
        let text = String(decoding: piece, as: UTF8.self)
        let child = try #require(Int32(text.dropLast()))
        #expect(code { _ = try process.read(within: .milliseconds(50)) } == .silent)
        #expect(process.end(within: .milliseconds(50)) == .stopped)
        // SIGKILL takes effect a moment after it was sent.
        let deadline = SuspendingClock.now + PluginProcessTests.soon
        while isRunning(child), SuspendingClock.now < deadline { sched_yield() }
        #expect(!isRunning(child))
    }

    @Test func `gives up on a program that does not read`() throws {
        let process = try start("exec /bin/sleep 1000")
        let bytes = [UInt8](repeating: 0, count: 1 << 20)
        let failure = code {
            try process.write(bytes.borrowedBytes, within: .milliseconds(50))
        }
        #expect(failure == .silent)
    }

    @Test func `has one limit for all that it writes`() throws {
        let process = try start("while :; do dd bs=4096 count=1 status=none >/dev/null; done")
        let bytes = [UInt8](repeating: 0, count: 64 << 20)
        let failure = code {
            try process.write(bytes.borrowedBytes, within: .milliseconds(300))
        }
        #expect(failure == .silent)
    }

    @Test func `stops what a program has left behind, after a failure`() throws {
        let process = try start("/bin/sleep 1000 >/dev/null 2>&1 & echo $!")
        let child = try #require(Int32(output(of: process).dropLast()))
        #expect(isRunning(child))
        #expect(process.end(within: PluginProcessTests.soon, isFailure: true) == .exited(0))
        let deadline = SuspendingClock.now + PluginProcessTests.soon
        while isRunning(child), SuspendingClock.now < deadline { sched_yield() }
        #expect(!isRunning(child))
    }

    @Test func `notices that a program closed its input`() throws {
        let process = try start("exec <&-; echo closed; exec /bin/sleep 1000")
        _ = try process.read(within: PluginProcessTests.soon)
        // A program that another test starts at this moment still has our pipes until it runs.
        let failure = code {
            while true { try process.write([0].borrowedBytes, within: PluginProcessTests.soon) }
        }
        #expect(failure == .closed)
    }

    @Test func `refuses floods of output and of errors`() throws {
        let output = try start("exec /usr/bin/yes", largestOutputByteCount: 100_000)
        let failure = code {
            while try output.read(within: PluginProcessTests.soon).count > 0 {}
        }
        #expect(failure == .flooded)
        let errors = try start("/usr/bin/yes >&2; exit 0")
        #expect(code { _ = try errors.read(within: PluginProcessTests.soon) } == .flooded)
        #expect(errors.keptErrors.count == PluginProcess.largestKeptErrorByteCount)
    }

    @Test func `keeps what a program says to its standard error`() throws {
        let process = try start("echo out; echo wrong >&2; exit 1")
        #expect(try output(of: process) == "out\n")
        #expect(process.end(within: PluginProcessTests.soon) == .exited(1))
        #expect(process.keptErrors == Array("wrong\n".utf8))
    }

    @Test func `stops a program at the end of its object's life`() throws {
        var process: PluginProcess? = try start("echo $$; exec /bin/sleep 1000")
        let piece = try process?.read(within: PluginProcessTests.soon).publicBytes ?? []
        let text = String(decoding: piece, as: UTF8.self)
        let id = try #require(Int32(text.dropLast()))
        #expect(isRunning(id))
        process = nil
        #expect(!isRunning(id))
    }
}
