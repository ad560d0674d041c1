import Glibc
import NIOConcurrencyHelpers

/// The terminal of a session, with an input line; it owns the terminal's mode while `run` lasts.
///
/// `run` blocks the one thread that calls it. All other methods may be called from any task. Lines
/// that are shown before `run` wait for it; lines after it are printed at once.
final class TerminalSession: Sendable, LineOutput {
    /// The owner's answer to a line.
    enum Reply: Sendable {
        /// Read the next line.
        case next
        /// Show this question, and read its answer; input that was typed before is dropped.
        case ask(String)
    }

    /// A line that was entered.
    struct Line: Sendable {
        /// The text of the line.
        let text: String
        /// Whether the line begins with pasted text; then it is text and not a command.
        let isPasted: Bool
    }

    /// The progress of `run`.
    private enum Phase { case before, running, over }

    private struct State {
        var phase = Phase.before
        var lines: [String] = []
        /// Whether lines that were taken from `lines` are being written to the terminal.
        var isWriting = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isStopping = false
        var isSizeUnknown = true
    }

    /// The longest time between the bytes of one key, in milliseconds.
    private static let keyMilliseconds: Int32 = 500
    private static let chunkByteCount = 4_096

    private let prompt: String
    private let completion: @Sendable (String, Bool) -> [String]
    private let state = NIOLockedValueBox(State())
    private let mode = TerminalMode()
    private let wakeReader: Int32
    private let wakeWriter: Int32

    /// Prepares a terminal; `completion` returns the words that begin with a text.
    ///
    /// Its second argument says whether it is the first word of the line.
    init(prompt: String, completion: @escaping @Sendable (String, Bool) -> [String]) {
        self.prompt = prompt
        self.completion = completion
        var ends: [Int32] = [0, 0]
        // SAFETY: pipe writes two descriptors.
        let status = unsafe pipe(&ends)
        precondition(status == 0, "out of descriptors")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        wakeReader = ends[0]
        wakeWriter = ends[1]
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    // MARK: Called from any task

    /// Shows a line above the input line.
    func add(_ line: String, to stream: OutputQueue.Stream) {
        let isOver = state.withLockedValue { state in
            if state.phase != .over { state.lines.append(line) }
            return state.phase == .over
        }
        guard !isOver else {
            _ = mode.write(Array((line + "\n").utf8))
            return
        }
        wake()
    }

    /// Returns after all lines that were added before are on the terminal.
    func flush() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLockedValue { state in
                let isDone = state.phase == .over || state.lines.isEmpty && !state.isWriting
                if !isDone { state.waiters.append(continuation) }
                return isDone
            }
            if isDone { continuation.resume() }
        }
    }

    /// Makes `run` return.
    func stop() {
        state.withLockedValue { $0.isStopping = true }
        wake()
    }

    /// Notes that the size or the mode of the terminal may have changed.
    func refresh() {
        state.withLockedValue { $0.isSizeUnknown = true }
        wake()
    }

    /// Restores the terminal's mode, before the process ends.
    func restore() { mode.leave() }

    private func wake() {
        var byte: UInt8 = 0
        // SAFETY: write reads one byte. If the pipe is full, the reader will wake up anyway.
        _ = unsafe Glibc.write(wakeWriter, &byte, 1)
    }

    // MARK: Called on the thread of `run`

    /// Edits lines until `stop`, Ctrl-D or the loss of the terminal; blocks its thread.
    ///
    /// It calls `accept` with each line.
    func run(accept: (Line) -> Reply) {
        mode.enter()
        var editor = LineEditor(prompt: prompt, size: mode.size, completion: completion)
        editor.begin()
        let isOver = !mode.write(editor.takeOutput())
        state.withLockedValue { $0.phase = .running }
        while !isOver, step(&editor, accept) {}
        finish(&editor)
    }

    /// Waits for one event and processes it; returns `false` at the end.
    private func step(_ editor: inout LineEditor, _ accept: (Line) -> Reply) -> Bool {
        guard showLines(&editor) else { return false }
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
        ]
        let patience = editor.isHalfway ? TerminalSession.keyMilliseconds : -1
        // SAFETY: poll writes into the two elements.
        let count = unsafe poll(&descriptors, 2, patience)
        if count == 0 { return act(editor.idle(), &editor, accept) }
        if descriptors[1].revents != 0 {
            drain()
            if state.withLockedValue({ $0.isStopping }) { return false }
        }
        guard descriptors[0].revents != 0 else { return true }
        guard let bytes = read() else { return false }
        return act(editor.feed(bytes), &editor, accept)
    }

    /// Prints the lines that were added since the last call; returns `false` if the terminal is
    /// gone.
    private func showLines(_ editor: inout LineEditor) -> Bool {
        let (lines, isSizeUnknown) = state.withLockedValue { state in
            defer {
                state.lines = []
                state.isWriting = true
                state.isSizeUnknown = false
            }
            return (state.lines, state.isSizeUnknown)
        }
        if isSizeUnknown {
            mode.enter()
            editor.resize(mode.size)
        }
        if !lines.isEmpty { editor.show(lines) }
        let isWritten = mode.write(editor.takeOutput())
        // If lines were added during the write, the tasks that wait in `flush` go on waiting.
        let waiters = state.withLockedValue { state in
            state.isWriting = false
            guard state.lines.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
        return isWritten
    }

    /// Reads typed bytes; returns `nil` if the terminal is gone.
    private func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: TerminalSession.chunkByteCount)
        // SAFETY: read writes at most the buffer's count.
        let count = unsafe Glibc.read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return [] }
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    private func act(
        _ actions: [LineEditor.Action],
        _ editor: inout LineEditor,
        _ accept: (Line) -> Reply
    ) -> Bool {
        for action in actions {
            switch action {
            case .line(let line):
                guard mode.write(editor.takeOutput()) else { return false }
                switch accept(Line(text: line.text, isPasted: line.isPasted)) {
                case .next: if editor.prompt != prompt { editor.prompt = prompt }
                case .ask(let question):
                    // Bytes that were typed before the question was shown must not answer it.
                    mode.discardInput()
                    editor.discard()
                    editor.prompt = question
                    return true
                }
            case .end: return false
            case .suspend:
                editor.end()
                _ = mode.write(editor.takeOutput())
                mode.suspend()
                editor.begin()
            }
        }
        return true
    }

    private func finish(_ editor: inout LineEditor) {
        editor.end()
        _ = mode.write(editor.takeOutput())
        mode.leave()
        let (lines, waiters) = state.withLockedValue { state in
            defer {
                state.lines = []
                state.waiters = []
                state.phase = .over
            }
            return (state.lines, state.waiters)
        }
        for line in lines { _ = mode.write(Array((line + "\n").utf8)) }
        for waiter in waiters { waiter.resume() }
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: TerminalSession.chunkByteCount)
        // SAFETY: read writes at most the buffer's count.
        while unsafe Glibc.read(wakeReader, &buffer, buffer.count) > 0 {}
    }
}
