public import Failures

/// Bytes that are not stanzas, or that exceed a limit.
public typealias StanzaError = Failure<StanzaErrorCode>

/// The kinds of failure of this target.
public enum StanzaErrorCode: String, FailureCode {
    /// A first line does not follow the syntax.
    case malformedLine = "malformed-stanza"
    /// A first line is too long, or has too many arguments.
    case largeLine = "stanza-too-large"
    /// A body is not canonical base64 in lines of 64 characters.
    case malformedBody = "malformed-stanza-body"
    /// A body is too large.
    case largeBody = "stanza-body-too-large"
}
