internal import Failures
internal import FoundationEssentials
internal import Glibc

/// Exit codes, the same in every command.
public enum ExitStatus {
    /// The command failed.
    public static let failed: Int32 = 1
    /// A signature did not verify.
    public static let notVerified: Int32 = 2
    /// The command was misused.
    public static let misused: Int32 = 64

    /// The exit status that an error stands for.
    static func of(_ error: any Error) -> Int32 {
        if let usage = error as? CommandError, usage.code == .usage { return misused }
        if let known = error as? any ReportableError, known.isVerificationFailure {
            return notVerified
        }
        return failed
    }
}
