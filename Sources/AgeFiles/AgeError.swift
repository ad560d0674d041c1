public import Failures

/// A failure to encrypt or decrypt a file.
public struct AgeError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The header is not one of the age format, or was cut off.
        case header = "header-damaged"
        /// The armor is broken.
        case armor = "armor-damaged"
        /// The header was changed: its MAC does not fit.
        case headerMAC = "header-changed"
        /// No identity opens the file.
        case noMatch = "no-identity-matches"
        /// The passphrase does not open the file.
        case wrongPassphrase = "wrong-passphrase"
        /// The content was changed or cut off.
        case payload = "content-damaged"
        /// A recipient or identity cannot be read.
        case key = "bad-recipient"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
    public var codeName: String { code.rawValue }

    private init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    private static let copyHint = "get the file again as a whole, or from a backup"

    static func header(_ what: String) -> AgeError {
        AgeError(.header, "the file's header cannot be read: \(what)", hint: copyHint)
    }

    /// What is said of a file that is something else altogether.
    public var isOtherFormat: Bool { self.message == AgeError.notAge.message }

    static let notAge = AgeError(
        .header,
        "the file is not in the age format",
        hint: "see what the file is: keyctl inspect FILE"
    )

    static let truncatedHeader = AgeError(
        .header,
        "the file ends before its header is complete",
        hint: copyHint
    )

    static func armor(_ what: String) -> AgeError {
        AgeError(.armor, "the file's armor is damaged: \(what)", hint: copyHint)
    }

    static let headerMAC = AgeError(
        .headerMAC,
        "the file's header was changed after it was written",
        hint: copyHint
    )

    static let payload = AgeError(
        .payload,
        "the file's content was changed or cut off",
        hint: "only authenticated content was written; \(copyHint)"
    )

    /// The passphrase does not open the file.
    public static let wrongPassphrase = AgeError(
        .wrongPassphrase,
        "the passphrase does not open this file",
        hint: "use the passphrase of the file, not the passphrase of your keystore"
    )

    /// No identity opens the file, for the reason given.
    public static func noMatch(_ message: String, hint: String?) -> AgeError {
        AgeError(.noMatch, message, hint: hint)
    }

    /// A recipient or an identity that cannot be read.
    public static func key(_ message: String, hint: String? = nil) -> AgeError {
        AgeError(.key, message, hint: hint)
    }
}
