import Glibc
import NIOConcurrencyHelpers

/// The mode of the terminal on standard input and output, and how to give it back.
final class TerminalMode: Sendable {
    private static let standardSize = LineEditor.Size(columns: 80, rows: 24)
    /// The mode that was found; `nil` where it is not changed.
    private let found = NIOLockedValueBox<termios?>(nil)

    /// The terminal's size; that of an old terminal where nobody knows it.
    var size: LineEditor.Size {
        var window = winsize()
        // SAFETY: TIOCGWINSZ writes one window size.
        let status = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window)
        guard status == 0, window.ws_col > 1, window.ws_row > 0 else {
            return TerminalMode.standardSize
        }
        return LineEditor.Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }

    /// Keys come one by one and are not echoed, and none of them is a signal.
    func enter() {
        let present = found.withLockedValue { found -> termios? in
            if found == nil {
                var mode = termios()
                // SAFETY: tcgetattr writes one mode.
                if unsafe tcgetattr(STDIN_FILENO, &mode) == 0 { found = mode }
            }
            return found
        }
        guard var mode = present else { return }
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        mode.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR | BRKINT | ISTRIP)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    }

    /// Gives the terminal back as it was found.
    func leave() {
        guard
            var mode = found.withLockedValue({ found in
                defer { found = nil }
                return found
            })
        else { return }
        _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &mode)
    }

    /// Stops the process, as Ctrl-Z does elsewhere, until it is continued.
    func suspend() {
        leave()
        // This thread may block it, as threads of a pool do.
        var wanted = sigset_t()
        // SAFETY: each call reads and writes one set.
        unsafe sigemptyset(&wanted)
        unsafe sigaddset(&wanted, SIGTSTP)
        unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        raise(SIGTSTP)
        enter()
    }

    /// Forgets what was typed and not read yet.
    func discardInput() { tcflush(STDIN_FILENO, TCIFLUSH) }

    /// Writes all of it; `false` where the terminal is gone.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: write reads at most as many bytes as are left.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(STDOUT_FILENO, buffer.baseAddress, buffer.count)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN {
                var wanted = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                // SAFETY: poll writes into one element.
                _ = unsafe poll(&wanted, 1, -1)
                continue
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
