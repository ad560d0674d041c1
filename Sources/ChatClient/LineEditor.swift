internal import CEditLine
internal import Glibc
internal import NIOConcurrencyHelpers

/// The line being typed, by libedit, and lines that arrive above it without breaking it.
///
/// libedit keeps its state in globals and calls back without a context, so there is one editor a
/// process, and everything of it happens on the one thread that calls `run`.
public final class LineEditor: Sendable {
    fileprivate enum Typed {
        case line(String)
        case end
    }

    fileprivate static let typed = NIOLockedValueBox<[Typed]>([])

    private let prompt: String
    private let printed = NIOLockedValueBox<[String]>([])
    private let isOver = NIOLockedValueBox(false)
    private let wakeReader: Int32
    private let wakeWriter: Int32

    /// Prepares an editor with a prompt.
    public init(prompt: String) {
        self.prompt = prompt
        var ends: [Int32] = [0, 0]
        // SAFETY: pipe2 writes two descriptors.
        let status = unsafe pipe(&ends)
        precondition(status == 0, "out of descriptors")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wakeReader = ends[0]
        wakeWriter = ends[1]
    }

    /// Shows a line above the one being typed.
    public func show(_ line: String) {
        printed.withLockedValue { $0.append(line) }
        wake()
    }

    /// Ends `run`.
    public func stop() {
        isOver.withLockedValue { $0 = true }
        wake()
    }

    private func wake() {
        var byte: UInt8 = 0
        // SAFETY: write reads one byte; a full pipe has woken the reader already.
        _ = unsafe write(wakeWriter, &byte, 1)
    }

    /// Edits lines until `stop`, or Ctrl-D; blocks its thread.
    ///
    /// `accept` gets each line.
    public func run(accept: (String) -> Void) {
        unsafe setlocale(LC_ALL, "")  // or letters beyond ASCII arrive mangled
        install()
        defer {
            flush()
            rl_callback_handler_remove()
            unsafe fputs("\r\u{1B}[K", stdoutStream())
            fflush(nil)
        }
        while !isOver.withLockedValue({ $0 }) {
            var descriptors = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
            ]
            _ = unsafe poll(&descriptors, 2, -1)
            if descriptors[1].revents != 0 {
                drain()
                flush()
                rl_forced_update_display()
            }
            guard descriptors[0].revents != 0 else { continue }
            rl_callback_read_char()
            for typed in LineEditor.typed.withLockedValue({ typed in
                defer { typed = [] }
                return typed
            }) {
                guard case .line(let line) = typed else { return }
                if !line.isEmpty { unsafe add_history(line) }
                accept(line)
                install()  // libedit leaves editing mode after each line
            }
        }
    }

    private func install() {
        unsafe rl_callback_handler_install(prompt) { line in
            // SAFETY: libedit hands over a terminated string that is ours to free.
            guard let line = unsafe line else {
                return LineEditor.typed.withLockedValue { $0.append(.end) }
            }
            let text = unsafe String(cString: line)
            unsafe free(line)
            LineEditor.typed.withLockedValue { $0.append(.line(text)) }
        }
    }

    private func flush() {
        for line in printed.withLockedValue({ lines in
            defer { lines = [] }
            return lines
        }) {
            unsafe fputs("\r\u{1B}[K\(line)\n", stdoutStream())
        }
        fflush(nil)
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 256)
        // SAFETY: read writes at most the buffer's count.
        while unsafe read(wakeReader, &buffer, buffer.count) > 0 {}
    }

    private func stdoutStream() -> UnsafeMutablePointer<FILE>? { unsafe ceditline_stdout() }
}
