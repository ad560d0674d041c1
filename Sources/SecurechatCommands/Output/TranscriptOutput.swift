import ChatClient
import ChatProtocol
import CryptoCore
import DurableFiles
import Failures
import Glibc
import KeyFormats
import NIOConcurrencyHelpers

/// Appends all messages, with dates and the user's own messages, to a file, and passes each event
/// to another output.
///
/// Each message is one append, so two clients may share a file. The user's own messages are written
/// when the server acknowledges them. History is not written, because its messages were written
/// when they were new.
final class TranscriptOutput: ClientOutput {
    private static let mode: mode_t = 0o600
    private let output: any ClientOutput
    private let user: String
    private let path: String
    private let descriptor: Int32
    private let hasFailed = NIOLockedValueBox(false)

    /// Opens or creates the file, which only its owner may read; throws `ChatError`.
    init(path: String, user: String, output: any ClientOutput) throws(ChatError) {
        self.path = path
        self.user = user
        self.output = output
        // With O_NONBLOCK, opening a named pipe without a reader fails, and does not wait without
        // end.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        descriptor = unsafe open(path, flags, TranscriptOutput.mode)
        guard descriptor >= 0 else { throw ChatError.transcript(path, errno) }
    }

    deinit { close(descriptor) }

    /// Writes one event to the file, and passes it on.
    func show(_ event: ClientEvent) {
        if let (text, time) = entry(event) { append(text, time) }
        output.show(event)
    }

    /// Returns after every line was written.
    func flush() async { await output.flush() }

    private func entry(_ event: ClientEvent) -> (String, Int64)? {
        switch event {
        case .ready(let user, let server, let rooms, _):
            ("* \(user) entered \(rooms.joined(separator: ", ")) on \(server)", Clock.now)
        case .message(let message) where message.isReplay: nil
        case .message(let message):
            ("<\(message.from)> \(message.text)", message.time)
        case .acknowledged(let message, _): ("<\(user)> \(message.text)", Clock.now)
        case .notice(let text, let time): ("* \(text)", time)
        case .error(let error), .refused(let error, _, _): ("! \(error.message)", Clock.now)
        case .reconnecting(let reason): ("* \(reason)", Clock.now)
        case .bye(let reason): ("* \(reason)", Clock.now)
        case .live(let count) where count > 0: ("* live from here on", Clock.now)
        case .live, .history, .who, .members, .held, .reloaded: nil
        }
    }

    private func append(_ text: String, _ time: Int64) {
        let lines = Printable.messageLines(text).joined(separator: "\n" + TextOutput.continuation)
        let bytes = Array("\(Clock.text(time)) \(lines)\n".utf8)
        // SAFETY: write reads `bytes.count` bytes of `bytes`.
        guard unsafe write(descriptor, bytes, bytes.count) != bytes.count else { return }
        let reason = errno
        let isFirst = hasFailed.withLockedValue { hasFailed in
            defer { hasFailed = true }
            return !hasFailed
        }
        if isFirst { output.show(.error(ChatError.transcript(path, reason))) }
    }
}

extension ChatError {
    static func transcript(_ path: String, _ reason: Int32) -> ChatError {
        // SAFETY: strerror returns a string that lives at least until its next call.
        let why = unsafe String(cString: strerror(reason))
        return ChatError(
            .configuration,
            "the transcript \(Printable.text(path)) cannot be written: \(why)",
            hint: "name another file: --log FILE"
        )
    }
}
