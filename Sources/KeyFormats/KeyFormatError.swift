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
        /// A file holds several things where one is wanted, or things that do not belong together.
        case ambiguous = "ambiguous-key-file"
        /// Reading the file, or looking at its keys, would take too long.
        case tooMuchWork = "too-much-work"
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

    /// Whether nothing at all was recognized.
    public var isUnrecognized: Bool { message == KeyFormatError.unknownFormat.message }

    /// A file of another program, with what it is and what turns it into a file that is read.
    static func foreign(_ what: String, hint: String) -> KeyFormatError {
        KeyFormatError(.unknownFormat, "the file is \(what), which is not supported", hint: hint)
    }

    static let unreadableJSON = KeyFormatError(
        .unknownFormat,
        "the file is JSON, but it is not a JWK or a JWK Set that can be read",
        hint: "a JWK has a \"kty\", a JWK Set has \"keys\"; at most "
            + "\(JSONText.largestValueCount) values and \(JSONText.largestDepth) levels are read"
    )

    /// The error for a key that is not RSA.
    public static func otherKind(_ kind: String) -> KeyFormatError {
        guard kind != KeyAlgorithm.restrictedRSA.name else { return restrictedRSA }
        return KeyFormatError(
            .unknownFormat,
            "this kind of key is not supported: \(Printable.text(kind, limit: 64))",
            hint: "only RSA keys are accepted; make one with: keyctl gen --user NAME"
        )
    }

    private static let restrictedRSA = KeyFormatError(
        .unknownFormat,
        "this kind of key is not supported: \(KeyAlgorithm.restrictedRSA.name)",
        hint: "if the key is yours, remove the restriction: "
            + "openssl rsa -in OLD -traditional | sed 's/RSA-PSS /RSA /' > NEW; for a public key: "
            + "openssl rsa -pubin -in OLD -RSAPublicKey_out | sed 's/RSA-PSS /RSA /' > NEW"
    )

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

    /// Bytes that are not the structure that they should be; `what` is its name, such as
    /// "OpenSSH public key".
    package static func damaged(_ what: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the \(what) is damaged", hint: copyHint)
    }

    /// A line of a list that cannot be read.
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

// MARK: PEM blocks

extension KeyFormatError {
    private static let copyHint = "the file was cut off or changed: get it again as a whole"

    private static func block(_ label: String) -> String {
        "the PEM block \"\(Printable.text(label, limit: 64))\""
    }

    static func blockEndIsMissing(_ label: String, line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "\(block(label)) that begins in line \(line) has no END line",
            hint: copyHint
        )
    }

    static func blockEndDiffers(_ label: String, line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "\(block(label)) ends in line \(line) with another label than it begins with",
            hint: copyHint
        )
    }

    static func blockInBlock(_ label: String, line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) is another BEGIN line, but \(block(label)) has not ended",
            hint: copyHint
        )
    }

    static func blockBeginIsDamaged(line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) begins like a BEGIN or END line, but does not end with a label and five "
                + "dashes",
            hint: "each BEGIN line and each END line of a PEM block must be a separate line"
        )
    }

    static func blockBeginIsMissing(line: Int) -> KeyFormatError {
        KeyFormatError(
            .damaged,
            "line \(line) is an END line, but no PEM block begins before it",
            hint: copyHint
        )
    }

    static func blockIsNotBase64(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "\(block(label)) is not base64", hint: copyHint)
    }

    static func blockHeadersAreDamaged(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the headers of \(block(label)) are damaged", hint: copyHint)
    }

    static func blockIsMissing(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "the text is not \(block(label))")
    }

    static func textFollowsBlock(_ label: String) -> KeyFormatError {
        KeyFormatError(.damaged, "more text follows the end of \(block(label))")
    }

    static let tooManyBlocks = KeyFormatError(
        .tooMuchWork,
        "the file holds more than \(PEM.largestBlockCount) PEM blocks",
        hint: "split it, and use the part that you need"
    )
}

// MARK: Several keys in one file

extension KeyFormatError {
    private static let choiceHint =
        "copy the block that you need into a separate file; see all blocks: keyctl inspect FILE"

    static func severalPrivateKeys(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "the file holds \(count) different private keys, but exactly one is needed",
            hint: choiceHint
        )
    }

    static func severalPublicKeys(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "the file holds \(count) different public keys, but exactly one is needed",
            hint: choiceHint
        )
    }

    static func noChain(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "the file holds \(count) certificates, but none of the others issued the first one",
            hint: choiceHint
        )
    }

    static func keyBesideBlocks(line: Int) -> KeyFormatError {
        KeyFormatError(
            .ambiguous,
            "line \(line) of the file is an SSH key, but the file holds a PEM block too",
            hint: "copy the key that you need into a separate file"
        )
    }

    static let strangersPrivateKey = KeyFormatError(
        .ambiguous,
        "the private key and the certificate or public key in the file do not belong together",
        hint: choiceHint
    )

    static let strangersPublicKey = KeyFormatError(
        .ambiguous,
        "the public key and the certificate in the file do not hold the same key",
        hint: choiceHint
    )

    static func tooManyKeys(_ count: Int) -> KeyFormatError {
        KeyFormatError(
            .tooMuchWork,
            "the file holds \(count) keys, but at most \(KeyWork.largestKeyCount) are read at once",
            hint: "split it into smaller files"
        )
    }

    static let tooMuchWork = KeyFormatError(
        .tooMuchWork,
        "examining the keys of the file for weaknesses would take too long",
        hint: "split it into smaller files, or take out the longest keys"
    )

    static let tooMuchPrivateWork = KeyFormatError(
        .tooMuchWork,
        "checking the private keys of the file would take too long",
        hint: "copy the key that you need into a separate file"
    )
}
