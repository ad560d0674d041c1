internal import AgeFiles
internal import CryptoCore
internal import Failures
internal import PluginProcess

/// One conversation with a running plugin: its messages, and its questions to the user.
///
/// It is used once, on the thread that runs the process.
final class PluginSession {
    private let process: PluginProcess
    private let plugin: AgePluginName
    private let user: any AgePluginDialogue
    private let hasUser: Bool
    private let answerTime: Duration
    private let noticeTime: Duration
    private var reader = PluginFrameReader(.host)
    private var questionCount = 0
    private var isNoticeShown = false

    /// `answerTime` is how long one message may take; `nil` chooses by whether there is a user.
    init(
        _ process: PluginProcess,
        _ plugin: AgePluginName,
        _ user: any AgePluginDialogue,
        answerTime: Duration?,
        noticeTime: Duration
    ) {
        self.process = process
        self.plugin = plugin
        self.user = user
        hasUser = user.isThere
        self.answerTime =
            answerTime
            ?? (hasUser ? AgePluginHost.answerTime : AgePluginHost.unattendedAnswerTime)
        self.noticeTime = noticeTime
    }

    /// Talks until the plugin has finished.
    ///
    /// Throws `AgePluginError` and `PluginProcessError` where the plugin fails, and what the user's
    /// terminal throws.
    func run<Conversation: HostConversation & ~Copyable>(
        _ conversation: inout Conversation
    ) throws {
        try process.write(conversation.opening(PluginGrease()).bytes, within: answerTime)
        while true {
            let frame = try next()
            let answer: PluginAnswer
            switch try conversation.receive(frame) {
            case .answer(let known): answer = known
            case .ask(let question): answer = try ask(question)
            case .finish: return
            }
            let bytes = PluginFrameWriter.bytes(answer.frame())
            try process.write(bytes.bytes, within: answerTime)
            if let reported = conversation.reported { throw reported }
        }
    }

    /// The next message; the time runs for all of it.
    private func next() throws -> PluginFrame {
        let start = SuspendingClock.now
        while true {
            if let frame = try reader.next() { return frame }
            let piece = try read(since: start)
            guard piece.count > 0 else { throw AgePluginError.ended }
            reader.add(piece.bytes)
        }
    }

    /// Reads a piece; tells the user once where that takes long.
    private func read(since start: SuspendingClock.Instant) throws -> SecretBytes {
        if hasUser, !isNoticeShown, noticeTime < answerTime {
            do throws(PluginProcessError) {
                return try process.read(within: noticeTime, since: start)
            } catch {
                guard error.code == .silent else { throw error }
            }
            isNoticeShown = true
            _ = user.show("waiting for \(plugin.program)")
        }
        return try process.read(within: answerTime, since: start)
    }

    private func ask(_ question: PluginQuestion) throws -> PluginAnswer {
        questionCount += 1
        guard questionCount <= AgePluginHost.largestQuestionCount else {
            throw AgePluginError.tooManyQuestions
        }
        let prompt = question.prompt(from: plugin)
        switch question {
        case .message:
            return user.show(prompt.lines.joined(separator: "\n")) ? .done : .failed
        case .confirmation(_, _, let no): return choice(prompt, hasTwo: no != nil)
        case .publicText:
            guard let typed = user.line(prompt.text) else { return .failed }
            return .text(SecretBytes(copying: Array(typed.utf8).borrowedBytes))
        case .secret:
            guard let secret = try user.secret(prompt.text) else { return .failed }
            return .text(secret)
        }
    }

    private func choice(_ prompt: PluginPrompt, hasTwo: Bool) -> PluginAnswer {
        while let line = user.line(prompt.text) {
            if !hasTwo || line == "1" { return .choice(true) }
            if line == "2" { return .choice(false) }
        }
        return .failed
    }
}
