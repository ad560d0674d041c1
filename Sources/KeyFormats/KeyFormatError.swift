internal import CryptoCore
public import Failures

/// A failure to read or accept a key, a name or a time.
///
/// Only its factories make one. It is no `Failure`, because its name for programs can be finer than
/// its code: a weak key has the name of its weakness, for example `small-factor`.
public struct KeyFormatError: ReportableError {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// A name breaks the rules for names.
        case invalidName = "invalid-name"
        /// A time or a lifetime cannot be read.
        case invalidTime = "invalid-time"
        /// No known format fits the bytes.
        case unknownFormat = "unknown-format"
        /// A format fits, but the content is damaged.
        case damaged = "damaged-key"
        /// The key is weak, and refused.
        case weakKey = "weak-key"
        /// A file holds several keys where one is needed, or parts that do not belong together.
        case ambiguous = "ambiguous-key-file"
        /// Reading the file or examining its keys would take too long.
        case tooMuchWork = "too-much-work"
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, as the programs print it.
    public let message: String
    /// What the user can do; `nil` if there is nothing to do.
    public let hint: String?
    /// The stable name of the error, for programs.
    public let codeName: String

    /// Only the factories call it.
    init(_ code: Code, _ message: String, hint: String? = nil, codeName: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.codeName = codeName ?? code.rawValue
    }

    static func invalidName(_ text: String) -> KeyFormatError {
        KeyFormatError(
            .invalidName,
            "\"\(Printable.text(text, limit: 64))\" is not a valid name",
            hint: "a name is 1 to 32 characters of a-z, 0-9, '.', '_' and '-', "
                + "and starts with a letter or digit"
        )
    }

    static func invalidTime(_ text: String) -> KeyFormatError {
        KeyFormatError(
            .invalidTime,
            "\"\(Printable.text(text, limit: 64))\" is not a valid time",
            hint: "write a date as 2027-01-31T12:00:00Z, a lifetime as 90d, 12w, 18m or 1y"
        )
    }

    static let unknownFormat = KeyFormatError(
        .unknownFormat,
        "the file holds no key that can be read",
        hint: "RSA keys are read as PKCS#1, PKCS#8, SPKI (PEM or DER), OpenSSH, RFC 4716, JWK, "
            + "PKCS#12, certificate or request; see what a file is: keyctl inspect FILE"
    )

    /// Whether no format was recognised.
    var isUnrecognized: Bool { message == KeyFormatError.unknownFormat.message }

    /// Makes the error for a file of another program; `hint` has the command that converts it.
    static func foreign(_ what: String, hint: String) -> KeyFormatError {
        KeyFormatError(.unknownFormat, "the file is \(what), which is not supported", hint: hint)
    }

    static let unreadableJSON = KeyFormatError(
        .unknownFormat,
        "the file is JSON, but it is not a JWK or a JWK Set that can be read",
        hint: "a JWK has a \"kty\", a JWK Set has \"keys\"; at most "
            + "\(JSONText.largestValueCount) values and \(JSONText.largestDepth) levels are read"
    )

    /// Makes the error for a key that is not RSA.
    ///
    /// If it is in a certificate, only its public key can be used; the hint says how.
    package static func otherKind(
        _ kind: String,
        inCertificate isCertificate: Bool = false
    ) -> KeyFormatError {
        guard kind != KeyAlgorithm.restrictedRSA.name else {
            return restrictedRSA(
                isCertificate
                    ? "its public key without the restriction can be taken: openssl x509 -in OLD "
                        + "-noout -pubkey | openssl rsa -pubin -RSAPublicKey_out "
                        + "| sed 's/RSA-PSS /RSA /' > NEW"
                    : "if the key is yours, remove the restriction: umask 077; openssl rsa -in OLD "
                        + "-traditional | sed 's/RSA-PSS /RSA /' > NEW (NEW is not encrypted); for "
                        + "a public key: openssl rsa -pubin -in OLD -RSAPublicKey_out "
                        + "| sed 's/RSA-PSS /RSA /' > NEW"
            )
        }
        return KeyFormatError(
            .unknownFormat,
            "this kind of key is not supported: \(Printable.text(kind, limit: 64))",
            hint: "only RSA keys are accepted; make one with: keyctl gen --user NAME"
        )
    }

    private static func restrictedRSA(_ hint: String) -> KeyFormatError {
        KeyFormatError(
            .unknownFormat,
            "this kind of key is not supported: \(KeyAlgorithm.restrictedRSA.name)",
            hint: hint
        )
    }

    static let tooLarge = KeyFormatError(
        .unknownFormat,
        "the key file is larger than \(KeyFormats.largestByteCount >> 20) MiB"
    )

    static let notOneKey = KeyFormatError(
        .unknownFormat,
        "the file does not hold exactly one public key",
        hint: "see what the file is: keyctl inspect FILE"
    )

    static func notWritable(_ what: String, hint: String? = nil) -> KeyFormatError {
        KeyFormatError(.unknownFormat, what, hint: hint)
    }

    static func oldCipher(_ cipher: String) -> KeyFormatError {
        KeyFormatError(
            .unknownFormat,
            "the OpenSSH key is encrypted with \(Printable.text(cipher, limit: 64)), which is not "
                + "supported",
            hint: "convert a copy of it first: ssh-keygen -p -Z aes256-ctr -f COPY"
        )
    }

    static let legacyEncryptedPEM = KeyFormatError(
        .unknownFormat,
        "this private key is encrypted with an old cipher, which is not supported",
        hint: "convert it first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
    )

    /// Makes the error for bytes that are not a valid structure; `what` is its name, for example
    /// "OpenSSH public key".
    package static func damaged(_ what: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the \(what) is damaged", hint: copyHint)
    }

    /// Makes the error for a line of a list that cannot be read.
    static func damagedLine(_ number: Int, of list: String) -> KeyFormatError {
        KeyFormatError(.damaged, "line \(number) of the \(list) is damaged")
    }

    static func weakKey(_ reason: String, code: String) -> KeyFormatError {
        let isTooLong = code == RSAWeakness.longModulus(0).codeName
        return KeyFormatError(
            .weakKey,
            isTooLong ? "the key is too long: \(reason)" : "the key is too weak: \(reason)",
            hint: "have its owner make a new one: keyctl gen --user NAME",
            codeName: code
        )
    }
}
