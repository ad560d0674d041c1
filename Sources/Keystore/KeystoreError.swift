public import CryptoCore
internal import KeyFormats

/// A failure to open or change a keystore.
public struct KeystoreError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// No identity of that name has a private key here.
        case unknownIdentity = "unknown-identity"
        /// There is one of that name already.
        case nameTaken = "name-taken"
        /// No identity was named, and it is not clear which is meant.
        case ambiguousIdentity = "ambiguous-identity"
        /// The passphrase is not the one that the key was sealed with.
        case wrongPassphrase = "wrong-passphrase"
        /// A file of the keystore is damaged.
        case damaged = "damaged-keystore"
        /// The version in use is revoked.
        case revoked = "revoked"
        /// The version in use has expired.
        case expired = "expired"
        /// Another process changed the identity in the meantime.
        case changedMeanwhile = "changed-meanwhile"
        /// A parameter is outside what is allowed.
        case invalidParameter = "invalid-parameter"
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

    static func unknownIdentity(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .unknownIdentity,
            "no private key named \"\(name)\" in this keystore",
            hint: "see what there is with: keyctl list; make one with: keyctl gen --user \(name)"
        )
    }

    static let noIdentity = KeystoreError(
        .unknownIdentity,
        "this keystore holds no private key of a person",
        hint: "make one with: keyctl gen --user NAME"
    )

    static func ambiguous(_ names: [KeyName]) -> KeystoreError {
        KeystoreError(
            .ambiguousIdentity,
            "several identities are here: "
                + names.map(\.description).joined(separator: ", "),
            hint: "say which with --user NAME"
        )
    }

    static func nameTaken(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .nameTaken,
            "an identity named \"\(name)\" exists already",
            hint: "a new key for it: keyctl rotate --user \(name); another person: another name"
        )
    }

    static func wrongPassphrase(_ name: KeyName, path: String) -> KeystoreError {
        KeystoreError(
            .wrongPassphrase,
            "wrong passphrase for \"\(name)\"",
            hint: "nothing was changed; if you are sure of the passphrase, the header of \(path) "
                + "is damaged: restore the file from a backup"
        )
    }

    static func damaged(_ path: String, _ why: String) -> KeystoreError {
        KeystoreError(
            .damaged,
            "\(path) is damaged: \(why)",
            hint: "nothing was changed; restore the file from a backup"
        )
    }

    static func revoked(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .revoked,
            "version \(version) of \"\(name)\" is revoked and signs nothing any more",
            hint: "make an identity under a new name: keyctl gen --user NAME"
        )
    }

    static func expired(_ name: KeyName, at time: Timestamp) -> KeystoreError {
        KeystoreError(
            .expired,
            "the key of \"\(name)\" expired at \(time)",
            hint: "move on to a new one: keyctl rotate --user \(name)"
        )
    }

    static func changedMeanwhile(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .changedMeanwhile,
            "another process changed \"\(name)\" at the same time",
            hint: "nothing was changed here; look with keyctl show \(name), then try again"
        )
    }

    static func laterVersion(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "this is a later version of \"\(name)\", whose history is known here",
            hint: "bring the whole keystore over instead of one key of it"
        )
    }

    static func weakDerivation() -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "--kdf is below the floor of m=19456,t=2,p=1 (m in KiB) or above what is read back",
            hint: "at most m=1048576 (1 GiB), and m times t at most 4 GiB"
        )
    }

    static func costlyDerivation(_ path: String) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "\(path) asks for more work than a keystore of ours does",
            hint: "it may have been made to occupy this machine: restore it from a backup"
        )
    }
}
