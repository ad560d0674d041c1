public import Failures
internal import Glibc

/// A failure to run another program.
public typealias PluginProcessError = Failure<PluginProcessErrorCode>

/// What kind of failure to run another program it is.
public enum PluginProcessErrorCode: String, FailureCode {
    /// The system did not start the program.
    case notStarted = "plugin-not-started"
    /// The program did not answer in time, or did not read in time what was written to it.
    case silent = "plugin-silent"
    /// The program wrote more than it may.
    case flooded = "plugin-flooded"
    /// The program closed its input.
    case closed = "plugin-closed"
}

extension PluginProcessError {
    static func notStarted(_ name: String, _ number: Int32) -> PluginProcessError {
        PluginProcessError(.notStarted, "\(name) could not be started: \(reason(number))")
    }

    static func silent(_ name: String, after limit: Duration) -> PluginProcessError {
        PluginProcessError(
            .silent,
            "\(name) did not answer within \(limit.components.seconds) seconds"
        )
    }

    static func notReading(_ name: String, after limit: Duration) -> PluginProcessError {
        PluginProcessError(
            .silent,
            "\(name) did not read its input within \(limit.components.seconds) seconds"
        )
    }

    static func floodedOutput(_ name: String, limit: Int) -> PluginProcessError {
        PluginProcessError(.flooded, "\(name) wrote more than \(limit >> 10) KiB")
    }

    static func floodedErrors(_ name: String, limit: Int) -> PluginProcessError {
        PluginProcessError(
            .flooded,
            "\(name) wrote more than \(limit >> 10) KiB to its standard error"
        )
    }

    static func closed(_ name: String) -> PluginProcessError {
        PluginProcessError(.closed, "\(name) closed its standard input too early")
    }

    private static func reason(_ number: Int32) -> String {
        // SAFETY: strerror returns a string that lives at least until its next call.
        unsafe String(cString: strerror(number))
    }
}
