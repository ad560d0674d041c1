internal import AgeFiles
public import Failures
internal import KeyFormats

/// A failure of a plugin of age, or of its host.
public typealias AgePluginError = Failure<AgePluginErrorCode>

/// What kind of failure of a plugin it is.
public enum AgePluginErrorCode: String, FailureCode {
    /// The plugin's program is not there.
    case missing = "plugin-missing"
    /// The plugin reports an error.
    case failed = "plugin-failed"
    /// The plugin ended before it had answered.
    case ended = "plugin-ended"
    /// What came from the other side breaks the protocol.
    case misbehaved = "plugin-misbehaved"
}

// MARK: Finding and running

extension AgePluginError {
    static func missing(_ plugin: AgePluginName, notExecutable: String?) -> AgePluginError {
        AgePluginError(
            .missing,
            "the plugin \(plugin) is not installed: no folder of PATH has the program "
                + plugin.program,
            hint: notExecutable.map { "\($0) is there, but it is not executable: chmod +x" }
                ?? "install \(plugin.program), or add its folder to PATH"
        )
    }

    /// What stopped a conversation, with what the program said to its standard error.
    static func stopped(
        _ plugin: AgePluginName,
        _ what: String,
        said: String?
    ) -> AgePluginError {
        AgePluginError(
            .misbehaved,
            "the plugin \(plugin) failed: \(what)",
            hint: said.map { "\(plugin.program) says: \($0)" }
        )
    }

    /// An error that the plugin reports.
    static func reported(_ plugin: AgePluginName, _ what: String) -> AgePluginError {
        AgePluginError(.failed, "the plugin \(plugin) failed: \(what)")
    }
}

// MARK: Protocol

extension AgePluginError {
    /// Something that the protocol does not allow, in a few words.
    static func broken(_ what: String) -> AgePluginError { AgePluginError(.misbehaved, what) }

    static let largeHeading = broken("the first line of a message is too long")
    static let badHeading = broken("a message does not begin as stanzas do")
    static let largeBody = broken("a message is too large")
    static let badBody = broken("the body of a message is not base64")
    static let tooMany = broken("there are too many messages")
    static let tooMuch = broken("all messages together are too large")
    static let tooManyQuestions = broken(
        "it has more than \(AgePluginHost.largestQuestionCount) questions and messages for the user"
    )
    static let ended = AgePluginError(.ended, "it ended in the middle of the conversation")
    static let notServed = broken("the other side ended the conversation")

    static func malformed(_ type: String) -> AgePluginError {
        broken("the arguments of \(Printable.text(type, limit: 40)) are wrong")
    }

    static func wrongIndex(_ type: String) -> AgePluginError {
        broken("\(type) names something that was not sent")
    }

    static func repeated(_ type: String) -> AgePluginError { broken("\(type) came twice") }

    static let noStanza = broken("it wrapped nothing")
    static let badFileKey = broken("a file key has the wrong length")

    /// The host asks for a state machine that is not known.
    public static func unknownMachine(_ name: String) -> AgePluginError {
        broken("the state machine \"\(Printable.text(name, limit: 40))\" is not known")
    }
}
