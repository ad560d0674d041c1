public import Failures

/// A failure of a token, of its module, or of what names them.
public typealias PKCS11Error = Failure<PKCS11ErrorCode>

/// The kinds of failure of this target.
///
/// The raw values are the error codes of keyctl's plugin protocol.
public enum PKCS11ErrorCode: String, FailureCode {
    /// The token has no such key.
    case notFound = "not-found"
    /// A URI, or the data of a request, is not valid.
    case invalid
    /// The token or its module cannot do this.
    case unsupported
    /// The token or its module cannot be reached.
    case unavailable
    /// The PIN was wrong.
    case wrongSecret = "wrong-secret"
    /// The token takes no more PINs.
    case locked
    /// The user or the token said no.
    case refused
    /// The user gave up.
    case cancelled
    /// Everything else.
    case internalFailure = "internal"
}

extension PKCS11Error {
    static func invalidURI(_ reason: String) -> PKCS11Error {
        PKCS11Error(.invalid, "the PKCS #11 URI is not valid: \(reason)")
    }

    static let pinInURI = PKCS11Error(
        .invalid,
        "a PKCS #11 URI of keyctl has no pin-value: a PIN must not stand in a file or in a command",
        hint: "leave it out; the PIN is asked"
    )

    static let pinSource = PKCS11Error(
        .invalid,
        "a PKCS #11 URI of keyctl has no pin-source: a wrong PIN in a file would be tried again "
            + "at each start, until the token is locked",
        hint: "leave it out; the PIN is asked"
    )

    static let moduleName = PKCS11Error(
        .invalid,
        "module-name does not say which file is meant",
        hint: "name the file with module-path=/…"
    )

    // MARK: - Modules

    static func untrustedModule(_ path: String, _ reason: String) -> PKCS11Error {
        PKCS11Error(.refused, "the PKCS #11 module \(path) is refused: \(reason)")
    }

    static func missingModule(_ path: String, _ reason: String) -> PKCS11Error {
        PKCS11Error(
            .unavailable,
            "the PKCS #11 module \(path) cannot be loaded: \(reason)",
            hint: "install the module, or p11-kit, or name a module with module-path=/…"
        )
    }

    static func brokenModule(_ path: String, _ reason: String) -> PKCS11Error {
        PKCS11Error(.internalFailure, "the PKCS #11 module \(path) is broken: \(reason)")
    }

    static let forked = PKCS11Error(
        .internalFailure,
        "the PKCS #11 module was started in another process"
    )

    // MARK: - Tokens

    static func noToken(_ uri: TokenURI, module: String) -> PKCS11Error {
        PKCS11Error(
            .unavailable,
            "no token of \(module) fits \(uri)",
            hint: "plug the token in, or correct the URI; p11-kit list-modules shows all tokens"
        )
    }

    static func severalTokens(_ uri: TokenURI, _ candidates: [TokenURI]) -> PKCS11Error {
        PKCS11Error(
            .invalid,
            "several tokens fit \(uri): \(list(candidates))",
            hint: "name one of them"
        )
    }

    static func noKey(_ uri: TokenURI) -> PKCS11Error {
        PKCS11Error(.notFound, "the token has no RSA key \(uri)")
    }

    static func severalKeys(_ uri: TokenURI, _ candidates: [TokenURI]) -> PKCS11Error {
        PKCS11Error(
            .invalid,
            "several keys of the token fit \(uri): \(list(candidates))",
            hint: "name one of them"
        )
    }

    static func tooMany(_ what: String) -> PKCS11Error {
        PKCS11Error(.internalFailure, "the token has too many \(what)")
    }

    /// At most ten of a list of URIs, which name everything in printable characters.
    private static func list(_ candidates: [TokenURI]) -> String {
        let shownCount = 10
        var names = candidates.prefix(shownCount).map(\.description)
        if candidates.count > shownCount { names.append("…") }
        return names.joined(separator: ", ")
    }

    // MARK: - PINs

    static func wrongPIN(_ token: TokenURI) -> PKCS11Error {
        PKCS11Error(.wrongSecret, "the PIN of the token \(token) is wrong")
    }

    static func lockedPIN(_ token: TokenURI) -> PKCS11Error {
        PKCS11Error(
            .locked,
            "the PIN of the token \(token) is locked",
            hint: "unlock it with the tool of the token's vendor"
        )
    }

    static func noPIN(_ token: TokenURI) -> PKCS11Error {
        PKCS11Error(.unsupported, "the token \(token) has no user PIN yet", hint: "set one first")
    }

    static func pinMustChange(_ token: TokenURI) -> PKCS11Error {
        PKCS11Error(
            .refused,
            "the token \(token) wants a new PIN first",
            hint: "change it with the tool of the token's vendor"
        )
    }

    /// The user gave up.
    public static let cancelled = PKCS11Error(.cancelled, "the PIN was not entered")

    static let declined = PKCS11Error(.refused, "the PIN was not tried")

    // MARK: - Keys

    static func missingMechanism(_ what: String, _ token: TokenURI) -> PKCS11Error {
        PKCS11Error(.unsupported, "the token \(token) cannot \(what)")
    }

    static func unsafeKey(_ reason: String) -> PKCS11Error {
        PKCS11Error(.refused, "the token's new key was deleted, because \(reason)")
    }

    static func invalidBitCount(_ bitCount: Int) -> PKCS11Error {
        PKCS11Error(
            .unsupported,
            "a token's key has 2048, 3072 or 4096 bits, not \(bitCount)"
        )
    }

    static let invalidLabel = PKCS11Error(
        .invalid,
        "a key's label has 1 to \(TokenKeys.largestLabelByteCount) bytes"
    )

    static func takenID(_ uri: TokenURI) -> PKCS11Error {
        PKCS11Error(.refused, "the token has a key \(uri) already")
    }

    static func wrongType(_ uri: TokenURI) -> PKCS11Error {
        PKCS11Error(.invalid, "\(uri) names no private key")
    }

    static let invalidDigest = PKCS11Error(.invalid, "the digest does not have its hash's length")

    /// The public half cannot be written down.
    public static let unreadableKey = PKCS11Error(
        .internalFailure,
        "the token's public key cannot be encoded"
    )

    /// The key, or the plugin, does not do this.
    public static func notOffered(_ operation: String) -> PKCS11Error {
        PKCS11Error(.unsupported, "the token's key does not offer \(operation)")
    }

    /// The only error for a ciphertext that does not open.
    static let notOpened = PKCS11Error(.invalid, "the ciphertext does not open")

    static func wrongAnswer(_ function: String) -> PKCS11Error {
        PKCS11Error(
            .internalFailure,
            "the token's answer to \(function) has a length that cannot be right"
        )
    }
}
