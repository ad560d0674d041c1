public import Failures

/// Bytes that are not stanzas, or that exceed a limit.
public typealias StanzaError = Failure<StanzaErrorCode>

/// The kinds of failure of this target.
public enum StanzaErrorCode: String, FailureCode {
    /// The bytes do not follow the syntax.
    case malformed = "malformed-stanza"
    /// A line, a body or a number of arguments is too large.
    case tooLarge = "stanza-too-large"
}

extension StanzaError {
    static func malformed(_ why: String) -> StanzaError { StanzaError(.malformed, why) }

    static func tooLarge(_ what: String) -> StanzaError { StanzaError(.tooLarge, what) }
}
