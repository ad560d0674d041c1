internal import DurableFiles
internal import Failures
internal import FoundationEssentials
internal import Glibc
internal import KeyFormats

/// Printing: results go to standard output, everything else to standard error.
public enum Report {
    /// Prints one line of a result.
    ///
    /// The line may contain foreign names and texts. Control characters are replaced, so they
    /// cannot end the line or move the cursor.
    public static func result(_ line: String) {
        write(Array((Printable.text(line) + "\n").utf8), to: STDOUT_FILENO)
    }

    /// Prints several lines of a result.
    public static func block(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            result(String(line))
        }
    }

    /// Prints a result as one line of JSON with sorted keys; throws `EncodingError` if it cannot be
    /// encoded.
    public static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        write(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    /// Prints a warning to standard error.
    public static func warning(_ text: String) { note("warning", text, color: "33") }

    /// Prints the hint that belongs to a warning.
    public static func hint(_ text: String) { note("hint", text, color: "36") }

    /// Returns an error's message without its hint.
    public static func message(of error: any Error) -> String { describe(error).1 }

    /// Prints a note to standard error.
    public static func note(_ text: String) {
        write(Array((Printable.text(text) + "\n").utf8), to: STDERR_FILENO)
    }

    /// Prints an error with its hint; as one JSON object if `--json` was given.
    public static func error(_ error: any Error) {
        let (code, message, hint) = describe(error)
        guard !CommandLine.arguments.contains("--json") else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let document = ErrorDocument(
                error: .init(code: code, message: message, hint: hint)
            )
            if let bytes = try? encoder.encode(document) {
                write(Array(bytes) + [UInt8(ascii: "\n")], to: STDERR_FILENO)
            }
            return
        }
        note("error", message, color: "31")
        if let hint { note("hint", hint, color: "36") }
    }

    private struct ErrorDocument: Encodable {
        struct Body: Encodable {
            let code: String
            let message: String
            let hint: String?
        }
        let error: Body
    }

    /// Returns the hint of an error; `nil` if it has none.
    public static func hint(of error: any Error) -> String? { describe(error).2 }

    private static func describe(_ error: any Error) -> (String, String, String?) {
        guard let known = error as? any ReportableError else {
            return ("unexpected", "\(error)", nil)
        }
        let hint = (known as? FileError)?.optionHint ?? known.hint
        return (known.codeName, known.message, hint)
    }

    private static func note(_ kind: String, _ text: String, color: String) {
        let label = isColored ? "\u{1B}[\(color)m\(kind)\u{1B}[0m" : kind
        // The text may contain a foreign path or name.
        write(
            Array("\(programName): \(label): \(Printable.text(text))\n".utf8),
            to: STDERR_FILENO
        )
    }

    /// Whether the terminal understands escape sequences.
    public static var knowsEscapeSequences: Bool {
        let name = unsafe getenv("TERM").map { unsafe String(cString: $0) } ?? ""
        return !name.isEmpty && name != "dumb"
    }

    private static var isColored: Bool {
        unsafe isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil && knowsEscapeSequences
    }

    private static var programName: String {
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "keyctl"
    }

    /// Writes all bytes.
    ///
    /// If the reader of standard output went away, SIGPIPE ends the process, as usual. Any other
    /// failure of standard output is reported. A failure of standard error cannot be reported.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: write reads at most as many bytes as are left.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN {
                DurableFile.waitUntilWritable(descriptor)
                continue
            }
            guard count > 0 else {
                guard descriptor == STDOUT_FILENO else { return }
                endByFailedOutput()
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func endByFailedOutput() -> Never {
        if errno == EPIPE { endByBrokenPipe() }
        // SAFETY: strerror returns a string that lives at least until its next call.
        let reason = unsafe String(cString: strerror(errno))
        error(CommandError.failed("cannot write standard output: \(reason)"))
        exit(ExitStatus.failed)
    }

    /// Ends the process silently by SIGPIPE, like a program that does not ignore it.
    static func endByBrokenPipe() -> Never {
        _ = signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        exit(ExitStatus.failed)
    }
}
