public import CryptoCore

/// A failure to read or accept a key, a name or a date.
public struct KeyFormatError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// A name breaks the rules for names.
        case invalidName = "invalid-name"
        /// A date or a lifetime cannot be read.
        case invalidTime = "invalid-time"
        /// No known format fits the bytes.
        case unknownFormat = "unknown-format"
        /// A format fits, but the content is damaged.
        case damaged = "damaged-key"
        /// The key could be broken, so it is refused.
        case weakKey = "weak-key"
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

    static func invalidName(_ text: String) -> KeyFormatError {
        KeyFormatError(
            .invalidName,
            "\"\(Printable.text(text, limit: 64))\" is not a name",
            hint: "a name is 1 to 32 characters of a-z, 0-9, '.', '_' and '-', "
                + "and starts with a letter or digit"
        )
    }

    static func invalidTime(_ text: String) -> KeyFormatError {
        KeyFormatError(
            .invalidTime,
            "\"\(Printable.text(text, limit: 64))\" is not a time",
            hint: "write a date as 2027-01-31T12:00:00Z, a lifetime as 90d, 12w, 18m or 1y"
        )
    }

    static let unknownFormat = KeyFormatError(
        .unknownFormat,
        "this is no key that can be read",
        hint: "RSA keys are read as PEM or DER (SPKI, PKCS#1, PKCS#8), as an OpenSSH public "
            + "key line, or from an X.509 certificate"
    )

    static let openSSHPrivateKey = KeyFormatError(
        .unknownFormat,
        "OpenSSH's own private key format is not read",
        hint: "convert a copy of it first: ssh-keygen -p -m PKCS8 -f COPY"
    )

    static let legacyEncryptedPEM = KeyFormatError(
        .unknownFormat,
        "this private key is encrypted in OpenSSL's old way, which is not read",
        hint: "convert it first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
    )

    static func damaged(_ what: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the \(what) is damaged")
    }

    static func weakKey(_ reason: String) -> KeyFormatError {
        KeyFormatError(
            .weakKey,
            "the key is too weak: \(reason)",
            hint: "have its owner make a new one: keyctl gen --user NAME"
        )
    }
}
