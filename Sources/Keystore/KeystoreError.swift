public import Failures
internal import KeyFormats
internal import Registry

/// A failure to open or change a keystore.
public typealias KeystoreError = Failure<KeystoreErrorCode>

/// What kind of failure of a keystore it is.
public enum KeystoreErrorCode: String, FailureCode {
    /// The keystore has no private key of that name.
    case unknownIdentity = "unknown-identity"
    /// The keystore has an identity of that name already.
    case nameTaken = "name-taken"
    /// The command named no identity, and several are possible.
    case ambiguousIdentity = "ambiguous-identity"
    /// The passphrase does not open the sealed file.
    case wrongPassphrase = "wrong-passphrase"
    /// A folder or file in the home that the keystore did not make.
    case foreign = "foreign-folder"
    /// A file of the keystore is damaged.
    case damaged = "damaged-keystore"
    /// The version in use is revoked.
    case revoked = "revoked"
    /// The version in use has expired.
    case expired = "expired"
    /// The version in use is retired.
    case retired = "retired"
    /// The identity or one of its versions waits for `promote`.
    case pending = "pending"
    /// The private key is destroyed.
    case destroyed = "destroyed"
    /// Another process changed the identity at the same time.
    case changedMeanwhile = "changed-meanwhile"
    /// Another process holds the home's lock.
    case locked = "home-locked"
    /// A parameter is out of bounds.
    case invalidParameter = "invalid-parameter"
    /// The numbers of a private key cannot leave the place where it is kept.
    case notExportable = "not-exportable"
    /// The provider that keeps a private key does not give it.
    case provider = "key-provider"
}

extension KeystoreError {
    /// The home has a registry, but its folder of identities is gone.
    public static func noIdentities(_ home: Home) -> KeystoreError {
        KeystoreError(
            .damaged,
            "\(home.path) has a registry, but its folder of identities is gone",
            hint: "put the folder back; or move the home away, and then run: keyctl restore FILE"
        )
    }

    static func noHome(_ why: String) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "the folder of the keys is not known: \(why)",
            hint: "name the folder: --home DIR, or set KEYCTL_HOME"
        )
    }

    static func foreignFolder(_ path: String) -> KeystoreError {
        KeystoreError(
            .foreign,
            "\(path) is not an identity of this keystore, and is ignored",
            hint: "move it out of the home"
        )
    }

    static func otherIdentity(_ path: String, holds name: KeyName) -> KeystoreError {
        KeystoreError(
            .foreign,
            "\(path) holds a copy of the identity \"\(name)\", and is ignored",
            hint: "move it out of the home"
        )
    }

    static func noMoreSealedFiles(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .damaged,
            "the numbers of sealed files of \"\(name)\" are used up",
            hint: "nothing was changed; a number that no use could reach was written by hand: "
                + "restore the identity from a backup"
        )
    }

    static func movedIdentity(_ path: String, holds name: KeyName) -> KeystoreError {
        KeystoreError(
            .damaged,
            "\(path) holds the identity \"\(name)\", which has no folder of its own name",
            hint: "give the folder its name back, or move it out of the home"
        )
    }

    static func refusedByRegistry(_ path: String, _ reason: RegistryError) -> KeystoreError {
        KeystoreError(
            .damaged,
            "the registry refuses the identity in \(path): \(reason.message)",
            hint: "move the folder out of the home; or, if the identity is yours, remove its other "
                + "name from the registry: keyctl remove NAME"
        )
    }

    static func unusable(_ names: [KeyName]) -> KeystoreError {
        KeystoreError(
            .damaged,
            "no identity was named, and this keystore has identities that cannot be used: "
                + names.map(\.description).joined(separator: ", "),
            hint: "name one with --user NAME; see what is wrong: keyctl doctor"
        )
    }

    static func unknownIdentity(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .unknownIdentity,
            "no private key named \"\(name)\" in this keystore",
            hint: "see all keys: keyctl list; make one with: keyctl gen --user \(name)"
        )
    }

    static func publicHalf(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .unknownIdentity,
            "only the public key of \"\(name)\" is here, and this command needs the private key",
            hint: "see which keys are yours: keyctl list; use another keystore: --home DIR"
        )
    }

    static var noIdentity: KeystoreError {
        KeystoreError(
            .unknownIdentity,
            "this keystore holds no private key of a person",
            hint: "make one with: keyctl gen --user NAME"
        )
    }

    static func ambiguous(_ names: [KeyName]) -> KeystoreError {
        KeystoreError(
            .ambiguousIdentity,
            "no identity was named, and this keystore holds several: "
                + names.map(\.description).joined(separator: ", "),
            hint: "name one with --user NAME"
        )
    }

    static func nameTaken(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .nameTaken,
            "an identity named \"\(name)\" exists already",
            hint: "make a new key for it: keyctl rotate --user \(name); for another person, choose "
                + "another name; only if its key is lost: add --replace"
        )
    }

    static func wrongPassphrase(_ name: KeyName, path: String) -> KeystoreError {
        KeystoreError(
            .wrongPassphrase,
            "the passphrase for \"\(name)\" is wrong",
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

    static func missing(_ path: String) -> KeystoreError {
        KeystoreError(
            .damaged,
            "the file \(path) is missing",
            hint: "restore it from a backup"
        )
    }

    static func ofAnotherIdentity(_ path: String) -> KeystoreError {
        KeystoreError(
            .damaged,
            "\(path) holds the keys of another identity",
            hint: "nothing was changed; restore the file from a backup"
        )
    }

    static func revoked(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .revoked,
            "version \(version) of \"\(name)\" is revoked and cannot sign any more",
            hint: "make a new identity, which others must import with --replace: "
                + "keyctl gen --user \(name) --replace"
        )
    }

    static func retired(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .retired,
            "version \(version) of \"\(name)\" is retired and cannot sign any more",
            hint: "make a new identity, which others must import with --replace: "
                + "keyctl gen --user \(name) --replace"
        )
    }

    static func pending(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .pending,
            "\"\(name)\" was made in advance and is not in use yet",
            hint: "put it into use: keyctl promote --user \(name)"
        )
    }

    static func pendingVersion(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .pending,
            "version \(version) of \"\(name)\" was made in advance and is not in use yet",
            hint: "put it into use: keyctl promote --user \(name); "
                + "or drop it: keyctl destroy \(version) --user \(name)"
        )
    }

    static func nothingPending(_ name: KeyName) -> KeystoreError {
        KeystoreError(
            .pending,
            "\"\(name)\" has no pending version",
            hint: "make one in advance: keyctl gen --pending --user \(name); "
                + "or make and use one at once: keyctl rotate --user \(name)"
        )
    }

    static func inUse(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "version \(version) of \"\(name)\" is in use",
            hint:
                "make a new version first: keyctl rotate --user \(name); or end it: keyctl retire "
                + "\(name), "
                + "or keyctl revoke \(name)"
        )
    }

    static func unknownVersion(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "\"\(name)\" has no version \(version)",
            hint: "see its versions: keyctl show \(name)"
        )
    }

    static func destroyed(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .destroyed,
            "the private key of version \(version) of \"\(name)\" is destroyed",
            hint: "until its grace period ends: "
                + "keyctl restore --key-version \(version) --user \(name); after that: restore a "
                + "backup"
        )
    }

    static func gone(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .destroyed,
            "the private key of version \(version) of \"\(name)\" is gone: its grace period is "
                + "over",
            hint: "an older backup may hold it: keyctl restore FILE --home NEW"
        )
    }

    static func notDestroyed(_ name: KeyName, version: Int) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "version \(version) of \"\(name)\" is not destroyed",
            hint: "see its versions: keyctl show \(name)"
        )
    }

    static func expired(_ name: KeyName, at time: Timestamp) -> KeystoreError {
        KeystoreError(
            .expired,
            "the key of \"\(name)\" expired at \(time)",
            hint: "make a new version: keyctl rotate --user \(name)"
        )
    }

    static func homeLocked(_ home: Home) -> KeystoreError {
        KeystoreError(
            .locked,
            "another process changes the home \(home.path)",
            hint: "nothing was changed here; try again when it is done"
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
            "this key is a later version of \"\(name)\", and cannot be imported alone",
            hint: "bring the whole keystore here: keyctl backup, keyctl restore"
        )
    }

    static func weakDerivation() -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "--kdf is below the minimum of m=19456,t=2,p=1 (m in KiB), or above the maximum",
            hint: "the maximum is m=1048576 (1 GiB), and 4 GiB for m times t"
        )
    }

    static func costlyDerivation(_ path: String) -> KeystoreError {
        KeystoreError(
            .invalidParameter,
            "opening \(path) would take more memory or time than keyctl ever asks for",
            hint: "the file may have been changed to block this machine: restore it from a backup"
        )
    }
}
