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
    public let codeName: String

    private init(_ code: Code, _ message: String, hint: String? = nil, codeName: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.codeName = codeName ?? code.rawValue
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
        hint: "RSA keys are read as PKCS#1, PKCS#8, SPKI (PEM or DER), OpenSSH, RFC 4716, JWK, "
            + "PKCS#12, certificate or request; keyctl inspect says what a file is"
    )

    /// Whether nothing at all was recognized.
    public var isUnrecognized: Bool { message == KeyFormatError.unknownFormat.message }

    static func unknownLabel(_ label: String) -> KeyFormatError {
        KeyFormatError(
            .unknownFormat,
            "a PEM block \"\(Printable.text(label, limit: 64))\" is no key that can be read",
            hint: "keyctl inspect says what a file is"
        )
    }

    /// The error for a key that is not RSA.
    public static func otherKind(_ kind: String) -> KeyFormatError {
        KeyFormatError(
            .unknownFormat,
            "this key is of another kind: \(Printable.text(kind, limit: 64))",
            hint: "only RSA keys are taken; make one with: keyctl gen --user NAME"
        )
    }

    static let tooLarge = KeyFormatError(
        .unknownFormat,
        "a key file is at most \(KeyFormats.largestByteCount >> 20) MiB"
    )

    static let notOneKey = KeyFormatError(
        .unknownFormat,
        "one public key is wanted here, and the file holds something else",
        hint: "keyctl inspect says what a file is"
    )

    static func notWritable(_ what: String, hint: String? = nil) -> KeyFormatError {
        KeyFormatError(.unknownFormat, what, hint: hint)
    }

    static func oldCipher(_ cipher: String) -> KeyFormatError {
        KeyFormatError(
            .unknownFormat,
            "an OpenSSH key encrypted with \(Printable.text(cipher, limit: 64)) is not opened here",
            hint: "convert a copy of it first: ssh-keygen -p -Z aes256-ctr -f COPY"
        )
    }

    static let legacyEncryptedPEM = KeyFormatError(
        .unknownFormat,
        "this private key is encrypted with an old cipher that is not read",
        hint: "convert it first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
    )

    package static func damaged(_ what: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the \(what) is damaged")
    }

    static func weakKey(_ reason: String, code: String) -> KeyFormatError {
        KeyFormatError(
            .weakKey,
            "the key is too weak: \(reason)",
            hint: "have its owner make a new one: keyctl gen --user NAME",
            codeName: code
        )
    }
}
