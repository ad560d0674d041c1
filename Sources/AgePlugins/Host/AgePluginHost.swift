public import AgeFiles
public import CryptoCore
internal import Failures
internal import PluginProcess

/// Runs plugins of age: the programs `age-plugin-NAME` in the folders of `PATH`.
///
/// A conversation is one run of a program, on the thread that called. The program gets the variables
/// of this process, as from age. It may be silent for `answerTime` while it is to answer; while it
/// asks the user, no time runs.
public struct AgePluginHost: AgePluginRunner {
    /// How long a plugin may be silent.
    public static let answerTime = Duration.seconds(30)
    /// Most bytes that a plugin may write in one conversation.
    public static let largestOutputByteCount = 4 << 20
    /// How long a program has to end when it has nothing more to do.
    private static let endTime = Duration.seconds(2)

    private let search: PluginSearch
    private let user: any AgePluginDialogue
    private let answerTime: Duration

    /// Looks for programs in the folders of `path`, the value of `PATH`.
    public init(
        path: String,
        user: any AgePluginDialogue,
        answerTime: Duration = AgePluginHost.answerTime
    ) {
        search = PluginSearch(path: path)
        self.user = user
        self.answerTime = answerTime
    }

    /// Wraps a file key; throws `AgePluginError` where the plugin is missing, fails or misbehaves.
    public func wrap(
        _ fileKey: RawSpan,
        for recipients: [AgePlugin.Recipient]
    ) throws -> AgeWrapping {
        guard let plugin = recipients.first?.plugin else { throw AgePluginError.noStanza }
        var conversation = RecipientConversation(plugin, wrapping: fileKey, for: recipients)
        try run(&conversation)
        do throws(AgePluginError) { return try conversation.finish() } catch {
            throw AgePluginError.stopped(plugin, error.message, said: nil)
        }
    }

    /// Unwraps a file key; throws `AgePluginError` where the plugin is missing, fails or misbehaves.
    public func unwrap(
        _ stanzas: [AgeStanza],
        with identities: [AgePlugin.Identity]
    ) throws -> SecretBytes? {
        guard let plugin = identities.first?.plugin else { return nil }
        var conversation = IdentityConversation(plugin, unwrapping: stanzas, with: identities)
        try run(&conversation)
        return conversation.finish()
    }

    private func run<Conversation: HostConversation & ~Copyable>(
        _ conversation: inout Conversation
    ) throws {
        let plugin = conversation.plugin
        let program = PluginProgram(
            path: try search.program(of: plugin),
            arguments: ["--age-plugin=\(Conversation.machine)"],
            environment: .inherited,
            forbidsNewPrivileges: false,
            largestOutputByteCount: AgePluginHost.largestOutputByteCount
        )
        let process: PluginProcess
        do throws(PluginProcessError) { process = try PluginProcess(program) } catch {
            throw AgePluginError.stopped(plugin, error.message, said: nil)
        }
        do { try converse(process, &conversation) } catch let error as any ReportableError {
            if let reported = conversation.reported {
                process.end(within: AgePluginHost.endTime)
                throw reported
            }
            throw failure(process, plugin, error)
        }
        process.end(within: AgePluginHost.endTime)
    }

    /// Ends a process that broke off or misbehaves, and says why.
    private func failure(
        _ process: PluginProcess,
        _ plugin: AgePluginName,
        _ error: any ReportableError
    ) -> AgePluginError {
        let brokeOff =
            (error as? PluginProcessError)?.code == .closed
            || error.message == AgePluginError.ended.message
        let ending = process.end(within: brokeOff ? AgePluginHost.endTime : .zero)
        let what =
            switch ending {
            case .exited(let status) where brokeOff:
                "\(process.name) ended with status \(status) before it had answered"
            case .signaled(let signal) where brokeOff:
                "\(process.name) was ended by signal \(signal) before it had answered"
            case .exited, .signaled, .stopped: error.message
            }
        let text = String(decoding: process.keptErrors, as: UTF8.self)
        return AgePluginError.stopped(
            plugin,
            what,
            said: text.isEmpty ? nil : PluginText.line(text)
        )
    }

    private func converse<Conversation: HostConversation & ~Copyable>(
        _ process: PluginProcess,
        _ conversation: inout Conversation
    ) throws {
        try process.write(conversation.opening(PluginGrease()).bytes, within: answerTime)
        var reader = PluginFrameReader()
        while true {
            guard let frame = try reader.next() else {
                let piece = try process.read(within: answerTime)
                guard piece.count > 0 else { throw AgePluginError.ended }
                reader.add(piece.bytes)
                continue
            }
            let answer: PluginAnswer
            switch try conversation.receive(frame) {
            case .answer(let known): answer = known
            case .ask(let question): answer = ask(question, conversation.plugin)
            case .finish: return
            }
            let bytes = PluginFrameWriter.bytes(answer.frame())
            try process.write(bytes.bytes, within: answerTime)
            if let reported = conversation.reported { throw reported }
        }
    }

    private func ask(_ question: PluginQuestion, _ plugin: AgePluginName) -> PluginAnswer {
        switch question {
        case .message(let text):
            return user.show(PluginText.line(text), from: plugin) ? .done : .failed
        case .confirmation(let text, let yes, let no):
            let choice = user.confirm(
                PluginText.line(text),
                yes: PluginText.line(yes),
                no: no.map(PluginText.line),
                from: plugin
            )
            return choice.map { .choice($0) } ?? .failed
        case .publicText(let text):
            guard let typed = user.publicText(PluginText.line(text), from: plugin) else {
                return .failed
            }
            return .text(SecretBytes(copying: Array(typed.utf8).borrowedBytes))
        case .secret(let text):
            guard let secret = user.secret(PluginText.line(text), from: plugin) else {
                return .failed
            }
            return .text(secret)
        }
    }
}
