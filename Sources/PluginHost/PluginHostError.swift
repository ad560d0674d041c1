internal import DurableFiles
public import Failures
internal import KeyFormats
internal import PluginWire

/// A plugin that cannot be used, or that did not do what it was asked.
public typealias PluginHostError = Failure<PluginHostErrorCode>

/// The kinds of failure of this target.
public enum PluginHostErrorCode: String, FailureCode {
    /// No trusted plugin has the name or the id.
    case unknown = "unknown-plugin"
    /// The file is not the one that was trusted.
    case changed = "plugin-changed"
    /// The file or its folder can be changed by others, or the name is not allowed.
    case unsafe = "plugin-unsafe"
    /// The plugin broke the protocol.
    case violation = "plugin-protocol"
    /// The plugin did not answer in time.
    case silent = "plugin-silent"
    /// The plugin ended, or could not be started.
    case ended = "plugin-ended"
    /// The device or program behind the plugin cannot be reached.
    case unavailable = "plugin-unavailable"
    /// The plugin does not find what was asked for.
    case notFound = "plugin-not-found"
    /// A PIN or a passphrase was wrong, or the device is locked.
    case wrongSecret = "plugin-wrong-secret"
    /// The user or a policy said no.
    case refused = "plugin-refused"
    /// The plugin did not do it for another reason.
    case failed = "plugin-failed"
    /// The file of trusted plugins is damaged.
    case damaged = "plugin-records-damaged"
    /// The signature of a plugin does not count.
    case signature = "plugin-signature"
    /// A command cannot be done so.
    case usage = "plugin-usage"
}

// MARK: Conversations

extension PluginHostError {
    /// The plugin answered `error`.
    static func refused(_ name: PluginName, _ refusal: PluginRefusal) -> PluginHostError {
        let reason =
            refusal.text.isEmpty
            ? refusal.code.words : Printable.text(refusal.text, limit: 1_000)
        let message = "plugin \(name): \(reason)"
        return switch refusal.code {
        case .unavailable:
            PluginHostError(
                .unavailable,
                message,
                hint: "the plugin works, but what it needs cannot be reached; try again when it can"
            )
        case .notFound: PluginHostError(.notFound, message)
        case .wrongSecret, .locked: PluginHostError(.wrongSecret, message)
        case .refused, .cancelled: PluginHostError(.refused, message)
        case .notMine, .invalid, .unsupported, .internal: PluginHostError(.failed, message)
        }
    }

    /// The plugin broke the protocol; `said` is what it wrote to its standard error.
    static func violation(_ name: PluginName, _ why: String, said: String?) -> PluginHostError {
        PluginHostError(
            .violation,
            "plugin \(name) broke the protocol and was stopped: \(why)\(told(said))",
            hint: "see the conversation: add --debug-plugin; test the plugin: keyctl plugin test"
        )
    }

    static func silent(_ name: PluginName, seconds: Int64, said: String?) -> PluginHostError {
        PluginHostError(
            .silent,
            "plugin \(name) did not answer within \(seconds) seconds and was stopped\(told(said))",
            hint: "for a slow device, give it more time: KEYCTL_PLUGIN_TIMEOUT=SECONDS"
        )
    }

    static func ended(_ name: PluginName, _ how: String, said: String?) -> PluginHostError {
        PluginHostError(.ended, "plugin \(name) \(how)\(told(said))")
    }

    private static func told(_ said: String?) -> String {
        said.map { "; it wrote: \($0)" } ?? ""
    }

    static func cannot(_ name: PluginName, _ what: String) -> PluginHostError {
        PluginHostError(.failed, "plugin \(name) cannot \(what)")
    }

    static func wrongAnswer(_ name: PluginName, _ what: String) -> PluginHostError {
        PluginHostError(.violation, "plugin \(name) gave \(what); nothing of it was used")
    }
}

extension PluginRefusal.Code {
    /// The code in words, for a plugin that gives none.
    fileprivate var words: String {
        switch self {
        case .notFound: "it does not find what was asked for"
        case .notMine: "the file is not of this format"
        case .invalid: "the data are damaged, or out of bounds"
        case .unsupported: "it cannot do this"
        case .unavailable: "its device or program cannot be reached"
        case .wrongSecret: "the PIN or passphrase is wrong"
        case .locked: "the device is locked"
        case .refused: "it was refused"
        case .cancelled: "it was cancelled"
        case .internal: "it failed"
        }
    }
}

// MARK: Trust

extension PluginHostError {
    /// No plugin that may run has this name.
    public static func notTrusted(_ name: some CustomStringConvertible) -> PluginHostError {
        PluginHostError(
            .unknown,
            "there is no trusted plugin \"\(Printable.text("\(name)", limit: 64))\"",
            hint: "see what is there: keyctl plugin list; trust one: keyctl plugin trust PATH"
        )
    }

    static func badFileName(_ path: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "\(Printable.text(path)) has no name of a plugin",
            hint:
                "a plugin is called keyctl-plugin-NAME, a command keyctl-NAME; NAME has 1 to 32 of "
                + "a to z, 0 to 9 and -, and does not begin or end with -"
        )
    }

    static func builtInName(_ name: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "\"\(name)\" is the name of something that is built in",
            hint: "the plugin needs another name"
        )
    }

    static func shippedName(_ name: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "a plugin \"\(name)\" is shipped with keyctl",
            hint: "the plugin needs another name"
        )
    }

    static func writableByOthers(_ path: String, _ place: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "\(Printable.text(path)) is not trusted: other users can change \(Printable.text(place))",
            hint: "correct it: chmod go-w \(Printable.shellWord(place)); or copy the plugin into a "
                + "folder of your own"
        )
    }

    static func otherOwner(_ path: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "\(Printable.text(path)) is not trusted: it belongs to another user",
            hint: "copy it into a folder of your own"
        )
    }

    static func notExecutable(_ path: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "\(Printable.text(path)) is not an executable file",
            hint: "make it one: chmod +x \(Printable.shellWord(path))"
        )
    }

    static func changed(_ name: String, _ path: String) -> PluginHostError {
        PluginHostError(
            .changed,
            "the copy of \(name) in the home is not the one that was trusted: \(path)",
            hint: "it was not started; trust the plugin anew: keyctl plugin trust PATH"
        )
    }

    static func copyMissing(_ name: String, source: String) -> PluginHostError {
        PluginHostError(
            .changed,
            "the copy of \(name) is missing in the home; backups do not hold it",
            hint: "trust the same file again: keyctl plugin trust \(Printable.shellWord(source))"
        )
    }

    static func damagedRecords(_ path: String) -> PluginHostError {
        PluginHostError(
            .damaged,
            "\(path) is damaged",
            hint:
                "no plugin was started; restore the file from a backup, or remove it and trust the "
                + "plugins anew"
        )
    }

    static func badVariable(_ name: String) -> PluginHostError {
        PluginHostError(
            .usage,
            "\"\(Printable.text(name, limit: 64))\" cannot be given to a plugin",
            hint: "name a variable of letters, digits and _; PATH, HOME and names that begin with "
                + "LD_, or KEYCTL_, are not given"
        )
    }

    static func commandOption() -> PluginHostError {
        PluginHostError(
            .usage,
            "--env is for plugins; a command gets your whole environment",
            hint: "leave --env out"
        )
    }

    static func noSigner(_ name: String) -> PluginHostError {
        PluginHostError(
            .usage,
            "\"\(name)\" was trusted without a signer, so it takes no updates",
            hint: "trust the new file: keyctl plugin trust PATH"
        )
    }

    /// The signature of a plugin's file does not count.
    public static func signature(_ path: String, _ why: String) -> PluginHostError {
        PluginHostError(
            .signature,
            "\(Printable.text(path)) does not count as signed: \(why)",
            hint: "its signer makes the signature: keyctl sign -n keyctl-plugin "
                + Printable.shellWord(path)
        )
    }

    static func noSource(_ id: String) -> PluginHostError {
        PluginHostError(
            .usage,
            "no trusted plugin offers the passphrase source \"\(Printable.text(id, limit: 64))\"",
            hint: "see what is there: keyctl plugin list"
        )
    }

    static func takenID(_ id: String) -> PluginHostError {
        PluginHostError(
            .unsafe,
            "another plugin offers \"\(id)\" already",
            hint: "see what each plugin offers: keyctl plugin list"
        )
    }

    static func notBound(_ name: KeyName) -> PluginHostError {
        PluginHostError(
            .usage,
            "no passphrase source is bound to \"\(name)\"",
            hint: "see all bindings: keyctl plugin list"
        )
    }
}
