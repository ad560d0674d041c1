import Glibc
import NIOConcurrencyHelpers

/// The mode of the terminal on standard input and output: changes it, and restores it.
final class TerminalMode: Sendable {
    private static let standardSize = LineEditor.Size(columns: 80, rows: 24)
    /// The mode before the change; `nil` while the mode is unchanged.
    private let found = NIOLockedValueBox<termios?>(nil)

    /// The terminal's size; 80 columns and 24 rows if it is unknown.
    var size: LineEditor.Size {
        var window = winsize()
        // SAFETY: TIOCGWINSZ writes one `winsize`.
        let status = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window)
        guard status == 0, window.ws_col > 1, window.ws_row > 0 else {
            return TerminalMode.standardSize
        }
        return LineEditor.Size(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }

    /// Changes the mode: each key is read at once, is not echoed, and sends no signal.
    func enter() {
        let present = found.withLockedValue { found -> termios? in
            if found == nil {
                var mode = termios()
                // SAFETY: tcgetattr writes one `termios`.
                if unsafe tcgetattr(STDIN_FILENO, &mode) == 0 { found = mode }
            }
            return found
        }
        guard var mode = present else { return }
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        mode.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR | BRKINT | ISTRIP)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    }

    /// Restores the mode from before the change.
    func leave() {
        guard
            var mode = found.withLockedValue({ found in
                defer { found = nil }
                return found
            })
        else { return }
        _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &mode)
    }

    /// Stops the process, like Ctrl-Z in other programs, until it is continued.
    func suspend() {
        leave()
        // SIGTSTP may be blocked on this thread, as it is on threads of a pool.
        var wanted = sigset_t()
        // SAFETY: each call reads and writes one signal set.
        unsafe sigemptyset(&wanted)
        unsafe sigaddset(&wanted, SIGTSTP)
        unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
        raise(SIGTSTP)
        enter()
    }

    /// Drops input that was typed and not read yet.
    func discardInput() { tcflush(STDIN_FILENO, TCIFLUSH) }

    /// Writes all bytes; returns `false` if the terminal is gone.
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
