import ChatProtocol
import Foundation
import KeyFormats
import Logging
import NIOConcurrencyHelpers

/// The log of a server, which goes to standard error.
///
/// It contains no message of the chat.
enum ServerLog {
    private static let lines = LogLines(descriptor: STDERR_FILENO)

    static func logger() -> Logger {
        Logger(label: "securechat", factory: { ServerLogHandler(label: $0, lines: lines) })
    }

    static let quiet = Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Waits a short time until the waiting lines are written.
    static func finish() { lines.waitUntilWritten() }
}

/// The lines that wait to be written.
///
/// A separate thread writes them, so a full pipe blocks that thread and never the chat.
final class LogLines: Sendable {
    /// The lines that wait, and the number of lines that were dropped.
    private struct State {
        var lines: [[UInt8]] = []
        var droppedCount = 0
        var isWriting = false
        var hasThread = false
    }

    private static let pause = 0.01
    private static let longestWait = 0.3

    private let descriptor: Int32
    private let state: NIOLockedValueBox<State>
    private let condition = ConditionLock(value: false)

    init(descriptor: Int32) {
        self.descriptor = descriptor
        state = NIOLockedValueBox(State())
    }

    /// Adds a line.
    ///
    /// If too many lines wait, the line is only counted.
    func add(_ line: String) {
        let needsThread = state.withLockedValue { state in
            if state.lines.count < ServerLimits.logLineCount {
                state.lines.append(Array((line + "\n").utf8))
            } else {
                state.droppedCount += 1
            }
            defer { state.hasThread = true }
            return !state.hasThread
        }
        if needsThread { Thread.detachNewThread { [self] in write() } }
        condition.lock()
        condition.unlock(withValue: true)
    }

    private func write() {
        while true {
            condition.lock(whenValue: true)
            condition.unlock(withValue: false)
            while let bytes = take() {
                writeAll(bytes)
                state.withLockedValue { $0.isWriting = false }
            }
        }
    }

    private func take() -> [UInt8]? {
        state.withLockedValue { state in
            guard !state.lines.isEmpty || state.droppedCount > 0 else { return nil }
            var bytes = Array(state.lines.joined())
            if state.droppedCount > 0 {
                let text = "\(state.droppedCount) lines are missing: the log was not read in time\n"
                bytes += Array("\(Timestamp.now) warning securechat: \(text)".utf8)
            }
            state.lines = []
            state.droppedCount = 0
            state.isWriting = true
            return bytes
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: write reads at most as many bytes as are left.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Foundation.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wanted, 1, -1)
                continue
            }
            guard count > 0 else { return }  // the reader of standard error is gone
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until all lines are written, at most 0.3 seconds.
    func waitUntilWritten() {
        let end = Date(timeIntervalSinceNow: LogLines.longestWait)
        while Date() < end, state.withLockedValue({ $0.isWriting || !$0.lines.isEmpty }) {
            Thread.sleep(forTimeInterval: LogLines.pause)
        }
    }
}

/// Writes one line for each event: time, level, label, metadata and message.
struct ServerLogHandler: LogHandler {
    let label: String
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(label: String, lines: LogLines) {
        self.label = label
        self.lines = lines
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        fields.merge(event.metadata ?? [:]) { $1 }
        let about = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value) " }.joined()
        let text = Printable.text("\(about)\(event.message)")
        lines.add("\(Timestamp.now) \(event.level) \(label): \(text)")
    }
}
