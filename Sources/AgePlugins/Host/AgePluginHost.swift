public import AgeFiles
public import CryptoCore
internal import Failures
internal import PluginProcess

/// Runs plugins of age: the programs `age-plugin-NAME` in the folders of `PATH`.
///
/// A conversation is one run of a program, on the thread that called. The program gets the variables
/// of this process, as from age, except those that hold a secret. Each of its messages must come
/// within `answerTime`, and without a user within `unattendedAnswerTime`; while the user is asked,
/// no time runs.
public struct AgePluginHost: AgePluginRunner {
    /// How long a message of a plugin may take: the user may have to look for a token, and touch it.
    public static let answerTime = Duration.seconds(300)
    /// How long a message of a plugin may take where nobody can be asked.
    public static let unattendedAnswerTime = Duration.seconds(30)
    /// Most questions and messages to the user in one conversation.
    public static let largestQuestionCount = 100
    /// Most bytes that a plugin may write in one conversation.
    public static let largestOutputByteCount = PluginFrameLimits.host.totalByteCount
    /// How long a program has to end when it has nothing more to do.
    private static let endTime = Duration.seconds(2)

    private let search: PluginSearch
    private let secretVariables: [String]
    private let user: any AgePluginDialogue
    private let answerTime: Duration?
    /// How long a user waits before they are told which plugin takes its time.
    var noticeTime = Duration.seconds(5)

    /// Looks for programs in the folders of `path`, the value of `PATH`.
    ///
    /// The programs do not get the variables of the names `secretVariables`. `answerTime` replaces
    /// the limits for a message.
    public init(
        path: String,
        secretVariables: [String] = [],
        user: any AgePluginDialogue,
        answerTime: Duration? = nil
    ) {
        search = PluginSearch(path: path)
        self.secretVariables = secretVariables
        self.user = user
        self.answerTime = answerTime
    }

    /// Wraps a file key; throws `AgePluginError` where the plugin is missing, fails or misbehaves,
    /// and what the user's terminal throws.
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

    /// Unwraps a file key; throws `AgePluginError` where the plugin is missing, fails or
    /// misbehaves, and what the user's terminal throws.
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
            environment: .inherited(except: secretVariables),
            forbidsNewPrivileges: false,
            largestOutputByteCount: AgePluginHost.largestOutputByteCount
        )
        let process: PluginProcess
        do throws(PluginProcessError) { process = try PluginProcess(program) } catch {
            throw AgePluginError.stopped(plugin, error.message, said: nil)
        }
        let session = PluginSession(
            process,
            plugin,
            user,
            answerTime: answerTime,
            noticeTime: noticeTime
        )
        do { try session.run(&conversation) } catch {
            if let reported = conversation.reported {
                process.end(within: AgePluginHost.endTime, isFailure: true)
                throw reported
            }
            throw failure(process, plugin, error)
        }
        process.end(within: AgePluginHost.endTime)
    }

    /// Ends a process that broke off or misbehaved, and says why; an error of the user's terminal
    /// stays as it is.
    private func failure(
        _ process: PluginProcess,
        _ plugin: AgePluginName,
        _ error: any Error
    ) -> any Error {
        let message: String
        let brokeOff: Bool
        switch error {
        case let error as AgePluginError:
            message = error.message
            brokeOff = error.code == .ended
        case let error as PluginProcessError:
            message = error.message
            brokeOff = error.code == .closed
        default:
            process.end(within: .zero, isFailure: true)
            return error
        }
        let ending = process.end(within: brokeOff ? AgePluginHost.endTime : .zero, isFailure: true)
        let what =
            switch ending {
            case .exited(let status) where brokeOff:
                "\(process.name) ended with status \(status) before it had answered"
            case .signaled(let signal) where brokeOff:
                "\(process.name) was ended by signal \(signal) before it had answered"
            case .exited, .signaled, .stopped: message
            }
        let text = String(decoding: process.keptErrors, as: UTF8.self)
        return AgePluginError.stopped(
            plugin,
            what,
            said: text.isEmpty ? nil : PluginText.reason(text)
        )
    }
}
