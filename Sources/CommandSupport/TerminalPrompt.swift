public import CryptoCore
internal import DurableFiles
internal import Glibc

/// Questions on the terminal itself, also if standard input and output are redirected.
public enum TerminalPrompt {
    private static let interruptCharacter: UInt8 = 3

    static func passphrase(_ prompt: String) throws -> Passphrase {
        try PassphraseSource.line(ask("\(prompt): "))
    }

    static func newPassphrase(_ prompt: String, allowsNone: Bool) throws -> Passphrase {
        let first = try PassphraseSource.line(ask("\(prompt): ", allowsNone: allowsNone))
        let second = try PassphraseSource.line(ask("Again, to be sure: ", allowsNone: allowsNone))
        let same = first.bytes.withBytes { left in
            second.bytes.withBytes { right in constantTimeEquals(left, right) }
        }
        guard same else { throw CommandError.passphrasesDiffer }
        return first
    }

    /// Asks a question and returns the visible answer; `nil` if there is no terminal.
    public static func answer(_ prompt: String) -> String? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        let bytes = Array(prompt.utf8)
        guard
            (try? DurableFile.write(bytes.borrowedBytes, to: terminal, name: "the terminal")) != nil
        else { return nil }
        var line = [UInt8](repeating: 0, count: 256)
        // SAFETY: read writes at most the line's count.
        let count = unsafe read(terminal, &line, line.count)
        guard count > 0 else { return "" }
        return String(decoding: line.prefix(count).filter { $0 > 0x20 }, as: UTF8.self)
    }

    /// Asks a question and returns the whole visible line that was typed, without its end; `nil` if
    /// there is no terminal.
    ///
    /// What was typed before the question is dropped.
    public static func line(_ prompt: String) -> String? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        guard show(prompt, on: terminal) else { return nil }
        tcflush(terminal, TCIFLUSH)
        var line = [UInt8](repeating: 0, count: Passphrase.largestByteCount)
        // SAFETY: read writes at most the line's count.
        let count = unsafe read(terminal, &line, line.count)
        guard count > 0 else { return nil }
        let end = line.prefix(count).last == UInt8(ascii: "\n") ? count - 1 : count
        return String(decoding: line.prefix(end), as: UTF8.self)
    }

    /// Shows a line; `false` if there is no terminal.
    public static func show(_ line: String) -> Bool {
        let terminal = unsafe open("/dev/tty", O_WRONLY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return show(line + "\n", on: terminal)
    }

    private static func show(_ text: String, on terminal: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return (try? DurableFile.write(bytes.borrowedBytes, to: terminal, name: "terminal")) != nil
    }

    /// Whether there is a terminal to ask on.
    public static var isThere: Bool {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }

    /// Reads a line without showing it, for example a PIN.
    ///
    /// What was typed before the question is dropped, unless `keepsTyped` is set: then several
    /// lines may be pasted at once. Throws `CommandError` if there is no terminal, or if the user
    /// interrupts.
    public static func secretLine(
        _ prompt: String,
        keepsTyped: Bool = false
    ) throws -> SecretBytes {
        try ask(prompt, switching: keepsTyped ? TCSADRAIN : TCSAFLUSH)
    }

    private static func ask(
        _ prompt: String,
        allowsNone: Bool = false,
        switching: Int32 = TCSAFLUSH
    ) throws -> SecretBytes {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { throw CommandError.noPassphrase(allowsNone: allowsNone) }
        defer { close(terminal) }
        var shown = termios()
        guard unsafe tcgetattr(terminal, &shown) == 0 else {
            throw CommandError.noPassphrase(allowsNone: allowsNone)
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        hidden.c_lflag |= tcflag_t(ICANON)
        // With signals off, Ctrl-C ends the line, and so the question, at once. SAFETY: VEOL is an
        // index of the array of control characters.
        unsafe withUnsafeMutableBytes(of: &hidden.c_cc) { characters in
            unsafe characters[Int(VEOL)] = interruptCharacter
        }
        // A signal must not leave the terminal without echo. So signals wait until it is restored.
        var signals = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] {
            unsafe sigaddset(&signals, signal)
        }
        try DurableFile.write(
            Array(prompt.utf8).borrowedBytes,
            to: terminal,
            name: "the terminal"
        )
        unsafe sigprocmask(SIG_BLOCK, &signals, &before)
        _ = unsafe tcsetattr(terminal, switching, &hidden)
        defer {
            _ = unsafe tcsetattr(terminal, switching, &shown)
            unsafe sigprocmask(SIG_SETMASK, &before, nil)
        }
        var count = 0
        var interrupted = false
        let line = SecretBytes(count: Passphrase.largestByteCount + 1) { view in
            // SAFETY: read writes at most the buffer's count; canonical mode gives one line.
            count = unsafe view.withUnsafeMutableBytes { buffer in
                unsafe read(terminal, buffer.baseAddress, buffer.count)
            }
            for index in 0..<max(count, 0) {
                interrupted = interrupted || view.bytes.byte(at: index) == interruptCharacter
            }
        }
        try DurableFile.write([UInt8(ascii: "\n")].borrowedBytes, to: terminal, name: "terminal")
        guard count > 0, !interrupted else { throw CommandError.interrupted }
        guard count <= Passphrase.largestByteCount else { throw CommandError.passphraseTooLong }
        return SecretBytes(copying: line.bytes.extracting(0..<count))
    }
}
