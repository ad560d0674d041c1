internal import CryptoCore
internal import Failures
internal import Glibc
internal import Stanzas

/// The run loop of a plugin written in Swift.
public enum PluginMain {
    /// The argument by which the host starts a plugin.
    public static let argument = "--keyctl-plugin"

    /// Talks to the host over standard input and output until the input ends; then the process
    /// ends.
    ///
    /// Without the argument `--keyctl-plugin` it says what the program is, and ends with status 64.
    public static func run(_ plugin: some Plugin) -> Never {
        ProcessHardening.apply()
        guard CommandLine.arguments.dropFirst().first == argument else {
            report("this is a plugin of keyctl, which starts it: keyctl plugin trust FILE")
            exit(64)
        }
        // A host that ended is the end of input, not a signal.
        _ = signal(SIGPIPE, SIG_IGN)
        do {
            let loop = PluginLoop(plugin, input: readInput, output: writeOutput)
            try loop.run()
            exit(0)
        } catch {
            report((error as? any ReportableError)?.message ?? "the plugin failed")
            exit(1)
        }
    }

    private static func report(_ message: String) {
        let line = Array((message + "\n").utf8)
        _ = unsafe write(2, line, line.count)
    }

    /// Reads some bytes into cleansed memory; an empty result is the end of the input.
    private static func readInput(_ take: (RawSpan) throws -> Void) throws -> Bool {
        var buffer = SecretBuffer(count: 64 << 10)
        var count = -1
        buffer.withMutableBytes(0..<buffer.count) { view in
            // SAFETY: read writes at most the length of the buffer.
            unsafe view.withUnsafeMutableBytes { bytes in
                repeat {
                    count = unsafe read(0, bytes.baseAddress, bytes.count)
                } while count < 0 && errno == EINTR
            }
        }
        guard count > 0 else { return false }
        try buffer.withBytes(0..<count) { try take($0) }
        return true
    }

    private static func writeOutput(_ bytes: RawSpan) throws {
        // SAFETY: write reads at most the length of the buffer.
        try unsafe bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
                let count = unsafe write(1, part.baseAddress, part.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw WireError.violation("the host is gone") }
                start += count
            }
        }
    }
}
