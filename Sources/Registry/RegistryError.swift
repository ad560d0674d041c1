internal import CryptoCore
internal import DurableFiles
public import Failures
package import KeyFormats

/// A failure to read, follow or change a registry.
public typealias RegistryError = Failure<RegistryErrorCode>

/// What kind of failure of a registry it is.
public enum RegistryErrorCode: String, FailureCode {
    /// A line of the log is not a valid statement, or does not fit.
    case invalidStatement = "invalid-statement"
    /// A newer version of the program wrote it.
    case newerVersion = "newer-version"
    /// The registry has no such name.
    case unknownName = "unknown-name"
    /// The registry has another key for the name.
    case differentKey = "different-key"
    /// The registry has the key under another name.
    case keyInUse = "key-in-use"
    /// A chain of statements does not continue what the registry has.
    case brokenChain = "broken-chain"
    /// A version has two different successors: the name is frozen.
    case fork = "fork"
    /// The version was revoked.
    case revoked = "revoked"
    /// A new key is weak.
    case weakKey = "weak-key"
    /// Examining the new keys would take too long.
    case tooMuchWork = "too-much-work"
    /// Two different histories of one log exist.
    case forkedLog = "forked-log"
    /// The name looks like another name, or is the name of a group.
    case confusingName = "confusing-name"
    /// The log does not match the checkpoint.
    case checkpointMismatch = "checkpoint-mismatch"
}

extension RegistryError {
    /// A newer version of the program wrote the file.
    static func newerVersion(_ heading: FileHeading, found: Int) -> RegistryError {
        RegistryError(
            .newerVersion,
            "a newer version of this program wrote the file: it is \(heading.kind) v\(found), and "
                + "this program knows v\(heading.version)",
            hint: "install the newer version to read it"
        )
    }

    static func invalidStatement(_ why: String) -> RegistryError {
        RegistryError(.invalidStatement, "the statement is not valid: \(why)")
    }

    /// A statement of a kind that this program does not know.
    static var unknownKind: RegistryError {
        RegistryError(
            .newerVersion,
            "the kind of the statement is unknown",
            hint:
                "a newer version of this program may have written it: install the newer version; if "
                + "you have it, the file was changed by hand or damaged: restore it from a backup"
        )
    }

    /// Returns the same error with the number of the line and the path of the log.
    func inLine(_ number: Int, of path: String) -> RegistryError {
        RegistryError(
            code,
            "line \(number) of \(path) is refused: \(message)",
            hint: hint ?? "the registry was changed by hand or damaged: restore it from a backup"
        )
    }

    /// Returns the same error with the number of the line in a file of another person.
    package func inForeignLine(_ number: Int) -> RegistryError {
        RegistryError(
            code,
            "line \(number) of the file is refused: \(message)",
            hint: "nothing was changed here; ask the registry's owner for a whole copy"
        )
    }

    /// The log does not match the index that was made from it.
    package static var changedLog: RegistryError {
        RegistryError.checkpointMismatch(
            "its lines are not those that the index was made from"
        )
    }

    static var tooManyLines: RegistryError {
        RegistryError(
            .invalidStatement,
            "the file has more than \(RegistryState.largestCount) lines, which is the limit of a "
                + "registry",
            hint: "nothing was changed here"
        )
    }

    /// The owner's log is shorter than a checkpoint that the owner signed.
    package static func lostLines(_ count: Int) -> RegistryError {
        RegistryError(
            .checkpointMismatch,
            "you signed \(count) lines more than this log has: the lines were lost, or this home "
                + "is an older copy",
            hint: "go on with the newer home or backup; a checkpoint signed here would be a fork"
        )
    }

    static func forkedLog(
        _ ours: (count: Int, root: SHA256Digest),
        _ theirs: (count: Int, root: SHA256Digest)
    ) -> RegistryError {
        RegistryError(
            .forkedLog,
            "the log was forked: here it has \(ours.count) lines with the root "
                + "\(Base64.encode(ours.root.bytes)), there \(theirs.count) lines with the root "
                + "\(Base64.encode(theirs.root.bytes)), and neither continues the other",
            hint: "the owner published two different registries, or lost lines: keep both files, "
                + "accept no new key from it, and ask the owner"
        )
    }

    static func unknownName(_ name: KeyName) -> RegistryError {
        RegistryError(
            .unknownName,
            "there is no key named \"\(name)\"",
            hint: "\(name)".hasSuffix(".pub") || "\(name)".hasSuffix(".pem")
                ? "use the name of a key here, not a file; import the file with: "
                    + "keyctl import \(name)"
                : "see the names with: keyctl list; add one with: keyctl import \(name).pub"
        )
    }

    static func differentKey(
        _ name: KeyName,
        known: Fingerprint,
        offered: Fingerprint
    ) -> RegistryError {
        RegistryError(
            .differentKey,
            "another key is known for \"\(name)\": the known key is \(known), the new "
                + "key is \(offered)",
            hint: "ask \(name) for the rotation statement (keyctl rotate --out F) and import that; "
                + "only if \(name) lost the key and told you so in person: add --replace"
        )
    }

    static func keyInUse(_ name: KeyName, fingerprint: Fingerprint) -> RegistryError {
        RegistryError(
            .keyInUse,
            "the key \(fingerprint) is known already, as \"\(name)\"",
            hint: "a key can have only one name: use \"\(name)\", or remove it first: "
                + "keyctl remove \(name)"
        )
    }

    static func lookAlike(_ name: KeyName, _ other: KeyName) -> RegistryError {
        RegistryError(
            .confusingName,
            "\"\(name)\" reads like \"\(other)\", which is known already",
            hint: "choose a name that does not look like \"\(other)\": --user NAME"
        )
    }

    static func groupName(_ name: KeyName) -> RegistryError {
        RegistryError(
            .confusingName,
            "\"\(name)\" is the name of a group or a room",
            hint: "choose another name; see the groups with: keyctl group list"
        )
    }

    static func fromTheFuture(_ time: Timestamp, number: Int) -> RegistryError {
        RegistryError(
            .brokenChain,
            "the time of statement \(number) is in the future: \(time)",
            hint: "the clock of this machine or of its author is wrong; compare with: date -u"
        )
    }

    static func keyRevoked(_ fingerprint: Fingerprint) -> RegistryError {
        RegistryError(
            .revoked,
            "the key \(fingerprint) was revoked, and a revoked key cannot be imported",
            hint: "have its owner make a new one: keyctl gen --user NAME"
        )
    }

    static var unknownChain: RegistryError {
        RegistryError(
            .brokenChain,
            "none of the keys in the statements is known here",
            hint: "import the public key of its owner first: keyctl import NAME.pub; then import "
                + "this file"
        )
    }

    static func brokenChain(_ why: String) -> RegistryError {
        RegistryError(
            .brokenChain,
            "the rotation cannot be followed: \(why)",
            hint: "ask its owner for the whole chain (keyctl export NAME --statements); without "
                + "it, compare fingerprints in person and import the key with --replace"
        )
    }

    /// A statement brings a weak key.
    package static func weakKey(_ key: Fingerprint, _ weakness: KeyWeakness) -> RegistryError {
        RegistryError(
            .weakKey,
            "the key \(key) is too weak: \(weakness.reason)",
            hint: "ask its owner to make a new key: keyctl rotate; to accept the weak key: "
                + "keyctl import FILE --allow-weak"
        )
    }

    /// A statement brings a key that is useless at first sight.
    ///
    /// No option accepts it.
    static func uselessKey(_ key: Fingerprint, _ weakness: RSAWeakness) -> RegistryError {
        RegistryError(
            .weakKey,
            "the key \(key) is too weak: \(weakness.reason)",
            hint: "ask its owner to make a new key: keyctl rotate"
        )
    }

    /// Statements bring more keys than are examined at once.
    package static var tooMuchWork: RegistryError {
        RegistryError(
            .tooMuchWork,
            "examining the new keys for weaknesses would take too long",
            hint:
                "for a file of statements, import its first half first; for a merge, run the command "
                + "again"
        )
    }

    static var ownersStatement: RegistryError {
        brokenChain("it holds a statement of a registry's owner")
    }

    static var unsignedChange: RegistryError {
        brokenChain("a change is not signed by its version")
    }

    static var missingStatement: RegistryError {
        brokenChain("a statement before it is missing")
    }

    /// A statement after the one that retired the identity's last version.
    static func afterEnd(_ version: Int) -> RegistryError {
        brokenChain("version \(version) was retired, so nothing can follow it")
    }

    static func fullChain(_ name: KeyName, count: Int) -> RegistryError {
        RegistryError(
            .brokenChain,
            "the chain of \"\(name)\" is full: it has \(count) statements, and other registries "
                + "would refuse one more; nothing was changed",
            hint: "begin a new identity: keyctl gen --user \(name) --replace; others then compare "
                + "its fingerprint and run: keyctl import \(name).pub --replace"
        )
    }

    /// A chain would put another key before the first key of the user's own identity.
    package static func otherBeginning(_ name: KeyName) -> RegistryError {
        RegistryError(
            .brokenChain,
            "your own \"\(name)\" begins with another key than this chain",
            hint: "if the other key is yours, too, move its keystore to this machine: "
                + "keyctl backup, keyctl restore"
        )
    }

    static func fork(_ name: KeyName, _ one: String, _ other: String) -> RegistryError {
        RegistryError(
            .fork,
            "\"\(name)\" is frozen: two different successors of one key exist, \(one) and \(other)",
            hint: "somebody has a copy of \(name)'s key: compare fingerprints in person, then "
                + "import the right key with --replace"
        )
    }

    static func revoked(_ name: KeyName, version: Int) -> RegistryError {
        RegistryError(
            .revoked,
            "version \(version) of \"\(name)\" was revoked, so statements that it signed are not "
                + "accepted",
            hint: "compare the new fingerprint in person, then import the key with --replace"
        )
    }

    /// The older checkpoint covers no lines: every log continues it, so a proof says nothing (RFC
    /// 9162 § 2.1.4).
    static var emptyCheckpoint: RegistryError {
        RegistryError(
            .checkpointMismatch,
            "the older checkpoint covers no lines, so there is nothing to prove",
            hint: "take a checkpoint that covers at least one line: keyctl registry checkpoint"
        )
    }

    static func checkpointMismatch(_ why: String) -> RegistryError {
        RegistryError(
            .checkpointMismatch,
            "the registry does not match its checkpoint: \(why)",
            hint: "somebody changed the registry: accept no new key from it before its owner "
                + "explains the change"
        )
    }
}
