public import Failures
internal import KeyFormats

/// A failure to encrypt or decrypt a file.
public typealias AgeError = Failure<AgeErrorCode>

/// What kind of failure to encrypt or decrypt it is.
public enum AgeErrorCode: String, FailureCode {
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

extension AgeError {
    private static var copyHint: String { "get the file again as a whole, or from a backup" }

    static func header(_ what: String) -> AgeError {
        AgeError(.header, "the file's header cannot be read: \(what)", hint: copyHint)
    }

    /// Whether the file is not an age file at all.
    public var isOtherFormat: Bool { self == .notAge }

    static var notAge: AgeError {
        AgeError(
            .header,
            "the file is not in the age format",
            hint: "see what the file is: keyctl inspect FILE"
        )
    }

    static var truncatedHeader: AgeError {
        AgeError(
            .header,
            "the file ends before its header is complete",
            hint: copyHint
        )
    }

    static func armor(_ what: String) -> AgeError {
        AgeError(.armor, "the file's armor is damaged: \(what)", hint: copyHint)
    }

    static var headerMAC: AgeError {
        AgeError(
            .headerMAC,
            "the file's header was changed after it was written",
            hint: copyHint
        )
    }

    static var payload: AgeError {
        AgeError(
            .payload,
            "the file's content was changed or cut off",
            hint: "only authenticated content was written; \(copyHint)"
        )
    }

    /// The passphrase does not open the file.
    public static var wrongPassphrase: AgeError {
        AgeError(
            .wrongPassphrase,
            "the passphrase does not open this file",
            hint: "use the passphrase of the file, not the passphrase of your keystore"
        )
    }

    /// Returns the error for a file that no identity opens, with the reason.
    public static func noMatch(_ message: String, hint: String?) -> AgeError {
        AgeError(.noMatch, message, hint: hint)
    }

    /// Returns the error for a recipient or an identity that cannot be read.
    public static func key(_ message: String, hint: String? = nil) -> AgeError {
        AgeError(.key, message, hint: hint)
    }

    private static var shownCharacterCount: Int { 80 }

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

    /// A secret key where a recipient should be; it is not shown.
    public static var secretAsRecipient: AgeError {
        AgeError(
            .key,
            "this is a secret key, not a recipient",
            hint:
                "print its recipient: keyctl gen-age -y FILE; the key was seen by other programs "
                + "where it was an argument, so make a new one"
        )
    }

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

    static func mixedCompany(
        _ first: RecipientCompany.Member,
        _ second: RecipientCompany.Member
    ) -> AgeError {
        switch (first.company, second.company) {
        case (.postQuantum, .classical): mixedCompany(first.name, classical: second.name)
        case (.classical, .postQuantum): mixedCompany(second.name, classical: first.name)
        default:
            AgeError(
                .key,
                "\(first.name) and \(second.name) cannot share a file: \(first.name) has "
                    + "\(labels(first.company)), and \(second.name) has \(labels(second.company))",
                hint: "all recipients of a file need the same labels; make two files"
            )
        }
    }

    private static func labels(_ company: RecipientCompany) -> String {
        guard case .labels(let labels) = company, !labels.isEmpty else { return "no label" }
        let shown = labels.sorted().prefix(shownLabelCount).joined(separator: " ")
        return "the labels \(Printable.text(shown, limit: shownCharacterCount))"
    }

    private static let shownLabelCount = 4

    private static func mixedCompany(_ postQuantum: String, classical: String) -> AgeError {
        AgeError(
            .key,
            "a file cannot be both for post-quantum recipients and for others: \(postQuantum) is "
                + "post-quantum, and \(classical) is not",
            hint:
                "a quantum computer could open such a file; use only age1pq1… recipients, or make "
                + "two files"
        )
    }

    static var headerTooLarge: AgeError {
        AgeError(
            .key,
            "the recipients' keys are too large for one file: its header could not be read again",
            hint: "use fewer recipients"
        )
    }

    static func badPluginName(_ text: String) -> AgeError {
        AgeError(
            .key,
            "\"\(Printable.text(text, limit: shownCharacterCount))\" is not the name of a plugin",
            hint: "a name has letters, digits, '-', '_', '.' and '+'; age-plugin-yubikey has the "
                + "name yubikey"
        )
    }

    static func pluginNotRun(_ plugin: AgePluginName) -> AgeError {
        AgeError(.key, "the plugin \(plugin) is needed, and this operation runs no plugins")
    }
}
