public import Failures

/// The other side broke the protocol.
public typealias WireError = Failure<WireErrorCode>

/// The kinds of failure of this target.
public enum WireErrorCode: String, FailureCode {
    /// A frame that cannot come here, or that has a wrong form.
    case violation = "plugin-protocol"
}

extension WireError {
    static func violation(_ why: String) -> WireError { WireError(.violation, why) }

    static func form(_ type: String, _ what: String) -> WireError {
        violation("the frame \"\(type)\" has no valid \(what)")
    }
}
