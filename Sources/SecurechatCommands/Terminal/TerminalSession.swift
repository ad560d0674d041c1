import Glibc
import NIOConcurrencyHelpers

/// A terminal with a line to type on: owns the terminal's mode while `run` lasts.
///
/// `run` blocks the one thread that calls it; everything else may be called from any task. Lines
/// that are shown before `run` wait for it, and after it they are printed as they come.
final class TerminalSession: Sendable, LineOutput {
    /// What the owner wants after a line.
    enum Reply: Sendable {
        /// The next line.
        case next
        /// The answer to a question, which nothing that was typed before may answer.
        case ask(String)
    }

    /// A line that was entered.
    struct Line: Sendable {
        /// What it says.
        let text: String
        /// Whether it begins with something that was pasted: then it is text, and no command.
        let isPasted: Bool
    }

    private enum Phase { case before, running, over }

    private struct State {
        var phase = Phase.before
        var lines: [String] = []
        /// Whether lines that were taken from `lines` are on their way to the terminal.
        var isWriting = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isStopping = false
        var isSizeUnknown = true
    }

    /// How long the rest of a half-typed key may take to come.
    private static let keyMilliseconds: Int32 = 500
    private static let chunkByteCount = 4_096

    private let prompt: String
    private let completion: @Sendable (String, Bool) -> [String]
    private let state = NIOLockedValueBox(State())
    private let mode = TerminalMode()
    private let wakeReader: Int32
    private let wakeWriter: Int32

    /// Prepares a terminal; `completion` gives what may be written for the start of a word, which
    /// may be the line's first.
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

    // MARK: From any task

    /// Shows a line above the one being typed.
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

    /// Returns when the lines that were shown before are on the terminal.
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

    /// Ends `run`.
    func stop() {
        state.withLockedValue { $0.isStopping = true }
        wake()
    }

    /// The terminal may have another size, or another mode, than before.
    func refresh() {
        state.withLockedValue { $0.isSizeUnknown = true }
        wake()
    }

    /// Gives the terminal back as it was, for a process that is about to end.
    func restore() { mode.leave() }

    private func wake() {
        var byte: UInt8 = 0
        // SAFETY: write reads one byte; a full pipe has woken the reader already.
        _ = unsafe Glibc.write(wakeWriter, &byte, 1)
    }

    // MARK: On the thread of `run`

    /// Edits lines until `stop`, Ctrl-D or the loss of the terminal; blocks its thread.
    ///
    /// `accept` gets each line.
    func run(accept: (Line) -> Reply) {
        mode.enter()
        var editor = LineEditor(prompt: prompt, size: mode.size, completion: completion)
        editor.begin()
        let isOver = !mode.write(editor.takeOutput())
        state.withLockedValue { $0.phase = .running }
        while !isOver, step(&editor, accept) {}
        finish(&editor)
    }

    /// Waits for one thing to happen and deals with it; `false` at the end.
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

    /// Prints what was shown since the last time.
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
        // Who came while this was written and saw further lines waits for these.
        let waiters = state.withLockedValue { state in
            state.isWriting = false
            guard state.lines.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
        return isWritten
    }

    /// What was typed; `nil` where the terminal is gone.
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
                    // What follows in the same breath was not typed as an answer.
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
