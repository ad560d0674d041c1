public import Failures
internal import KeyFormats

/// An error while encrypting or decrypting a file.
public struct AgeError: ReportableError {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The header is not in the age format, or is incomplete.
        case header = "header-damaged"
        /// The armor is damaged.
        case armor = "armor-damaged"
        /// The header was changed: its MAC does not verify.
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

    /// The kind of failure.
    public let code: Code
    /// The message to print.
    public let message: String
    /// The next step for the user; `nil` if there is none.
    public let hint: String?
    /// The stable name of the code, for programs.
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

    /// Whether the file is not an age file at all.
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

    /// Returns the error for a file that no identity opens, with the reason.
    public static func noMatch(_ message: String, hint: String?) -> AgeError {
        AgeError(.noMatch, message, hint: hint)
    }

    /// Returns the error for a recipient or an identity that cannot be read.
    public static func key(_ message: String, hint: String? = nil) -> AgeError {
        AgeError(.key, message, hint: hint)
    }

    private static let shownCharacterCount = 80

    static func notARecipient(_ text: String) -> AgeError {
        let shown = Printable.text(text, limit: shownCharacterCount)
        return AgeError(.key, "\"\(shown)\" is not an age recipient")
    }

    static func notAnIdentity(line: Int, of file: String) -> AgeError {
        let prefixes = RecipientKinds.all.compactMap(\.identityPrefix).joined(separator: " or ")
        return AgeError(
            .key,
            "line \(line) of \(file) is not an identity that can be used",
            hint:
                "lines that begin with \(prefixes) are accepted, and private RSA keys in files of "
                + "their own"
        )
    }

    static func recipientAsIdentity(line: Int, of file: String) -> AgeError {
        AgeError(
            .key,
            "line \(line) of \(file) is a recipient, not an identity",
            hint: "give the file with the secret key that belongs to it"
        )
    }

    /// The error for a secret key in place of a recipient; the message does not show the key.
    public static let secretAsRecipient = AgeError(
        .key,
        "this is a secret key, not a recipient",
        hint:
            "print its recipient: keyctl gen-age -y FILE; if the key was an argument, other programs "
            + "may have seen it: make a new key"
    )

    static func noIdentity(_ file: String) -> AgeError {
        AgeError(.key, "\(file) holds no identity", hint: "make one: keyctl gen-age -o FILE")
    }

    static func mustBeAlone(_ name: String) -> AgeError {
        AgeError(
            .key,
            "\(name) cannot be combined with other recipients",
            hint: "use either a passphrase or recipients"
        )
    }

    static func mixedCompany(postQuantum: String, classical: String) -> AgeError {
        AgeError(
            .key,
            "a file cannot be both for post-quantum recipients and for others: \(postQuantum) is "
                + "post-quantum, and \(classical) is not",
            hint:
                "a quantum computer could open such a file; use only age1pq1… recipients, or make "
                + "two files"
        )
    }

    static let headerTooLarge = AgeError(
        .key,
        "the recipients' keys are too large for one file: its header could not be read again",
        hint: "use fewer recipients"
    )
}
