public import ArgumentParser
public import CryptoCore
internal import Failures
public import KeyFormats
internal import KeySync
public import Keystore
public import PluginHost
internal import Registry
internal import Synchronization

/// The options that every command takes.
public struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of keys and registry (default: $KEYCTL_HOME, else ~/.local/share/keyctl).",
            valueName: "dir"
        )
    )
    var home: String?

    /// Whether results are printed as JSON.
    @Flag(help: "Print results as JSON, one document or one object a line.")
    public var json = false

    /// Whether the agent is not asked.
    @Flag(help: "Ask for passphrases even if the agent holds the key.")
    public var noAgent = false

    @Option(help: ArgumentHelp("Read the passphrase from a file.", valueName: "file"))
    var passphraseFile: String?
    @Option(help: ArgumentHelp("Read the passphrase from an open descriptor.", valueName: "fd"))
    var passphraseFd: Int32?
    @Option(help: ArgumentHelp("Read the passphrase from a variable.", valueName: "variable"))
    var passphraseEnv: String?
    @Option(
        help: ArgumentHelp("Read the passphrase from a command's output.", valueName: "command")
    )
    var passphraseCommand: String?
    @Option(
        help: ArgumentHelp("Read the passphrase from a credential of systemd.", valueName: "name")
    )
    var passphraseCredential: String?
    @Option(
        help: ArgumentHelp("Ask for the passphrase by a pinentry program.", valueName: "program")
    )
    var passphrasePinentry: String?

    @Option(help: ArgumentHelp("Read a new passphrase from a file.", valueName: "file"))
    var newPassphraseFile: String?
    @Option(help: ArgumentHelp("Read a new passphrase from an open descriptor.", valueName: "fd"))
    var newPassphraseFd: Int32?
    @Option(help: ArgumentHelp("Read a new passphrase from a variable.", valueName: "variable"))
    var newPassphraseEnv: String?
    @Option(
        help: ArgumentHelp("Read a new passphrase from a command's output.", valueName: "command")
    )
    var newPassphraseCommand: String?

    @Flag(help: "Print the conversation with plugins.")
    var debugPlugin = false

    /// For the argument parser, which fills the fields.
    public init() {}

    /// Throws `ValidationError` if options contradict each other.
    public func validate() throws {
        for sources in [passphraseSources, newPassphraseSources] where sources.count > 1 {
            throw ValidationError("several options give the same passphrase: use only one of them")
        }
    }

    /// The variables of the environment that hold a passphrase; no other program gets them.
    public var secretVariables: [String] { [passphraseEnv, newPassphraseEnv].compactMap(\.self) }

    private var passphraseSources: [PassphraseSource] {
        PassphraseSource.all(
            passphraseFile,
            passphraseFd,
            passphraseEnv,
            passphraseCommand,
            passphraseCredential,
            passphrasePinentry
        )
    }

    private var newPassphraseSources: [PassphraseSource] {
        PassphraseSource.all(
            newPassphraseFile,
            newPassphraseFd,
            newPassphraseEnv,
            newPassphraseCommand
        )
    }

    /// The home that the options name; throws `KeystoreError` if there is none.
    public var keyctlHome: Home { get throws { try Home.resolve(home) } }

    /// Opens the keystore, and prints warnings about everything unusual in it.
    ///
    /// Throws what `Keystore.init` throws.
    public func keystore() throws -> Keystore {
        let isTold = Mutex(false)
        let home = try keyctlHome
        // Asked for keys of a provider that is not built in, and not before.
        let providers = KeyProviders(KeyProviders.builtIn.all) { [debugPlugin] id in
            try CommandPlugins.plugins(of: home, traces: debugPlugin).keyProvider(id)
        }
        var keystore = try Keystore(home: home, providers: providers) { reason in
            let isNew = isTold.withLock { told in
                defer { told = true }
                return !told
            }
            guard isNew else { return }
            Report.warning("an entry is missing in the audit log: \(Report.message(of: reason))")
        }
        // Now, too: a crash, or a program without this hook, may have left the folders behind.
        KeptFolders.follow(home, lineCount: keystore.registry.count)
        keystore.whenRegistryGrew = { KeptFolders.follow(home, lineCount: $0) }
        if keystore.hasTornRegistry {
            Report.warning(
                "the last line of the registry was not written completely before a crash; it is "
                    + "ignored"
            )
        }
        for name in keystore.unfollowed {
            Report.warning(
                "the registry and the keystore hold different histories of your identity "
                    + "\"\(name)\""
            )
        }
        for item in keystore.leftAside where item.name != nil {
            Report.warning(item.error.message)
            if let hint = Report.hint(of: item.error) { Report.hint(hint) }
        }
        return keystore
    }

    /// Opens the keystore; throws `CommandError` if there is none.
    ///
    /// It is for commands that would otherwise report that all is well.
    public func existingKeystore() throws -> Keystore {
        let home = try keyctlHome
        guard home.isInUse else {
            throw CommandError.failed(
                "there is no keystore in \(home.path)",
                hint:
                    "name another folder: --home DIR, or set KEYCTL_HOME; make a keystore: keyctl "
                    + "gen "
                    + "--user NAME"
            )
        }
        return try keystore()
    }

    /// Whether an option gives a passphrase.
    public var givesPassphrase: Bool { !passphraseSources.isEmpty }

    /// Returns whether an option gives a new passphrase; with `reusing`, the present one counts,
    /// too.
    public func givesNewPassphrase(reusing: Bool) -> Bool {
        !newPassphraseSources.isEmpty || reusing && !passphraseSources.isEmpty
    }

    /// Gives the secrets that open keys: from the passphrase option, otherwise from the terminal.
    private var unlocker: any KeyUnlocker { passphraseSources.first ?? TerminalUnlocker() }

    /// What opens an identity: the option given, else the plugin that is bound to the identity, else
    /// a person at the terminal.
    ///
    /// Throws `PluginHostError` if the records of plugins are damaged.
    public func unlocker(for identity: KeyName) throws -> any KeyUnlocker {
        guard passphraseSources.isEmpty else { return unlocker }
        return try plugins.unlocker(for: identity, then: unlocker)
    }

    /// The plugins of the home.
    ///
    /// Throws `KeystoreError` if there is no home.
    public var plugins: Plugins {
        get throws { try CommandPlugins.plugins(of: keyctlHome, traces: debugPlugin) }
    }

    /// Opens an identity later without a user: if it has no passphrase, or if the passphrase file
    /// holds it.
    var unattendedUnlocker: any KeyUnlocker {
        UnattendedUnlocker(source: passphraseSources.first)
    }

    /// Reads an existing passphrase: from the passphrase option, otherwise from the terminal.
    public func passphrase(prompt: String) throws -> Passphrase {
        try unlocker.passphrase(prompt: prompt)
    }

    /// Reads a new passphrase: from `--new-passphrase-…`, with `reusing` from `--passphrase-…`,
    /// else twice from the terminal.
    ///
    /// Throws `CommandError` if there is no terminal, if the two differ, or if it cannot be used.
    public func newPassphrase(
        prompt: String,
        reusing: Bool,
        allowsNone: Bool = false
    ) throws -> Passphrase {
        if let source = newPassphraseSources.first { return try source.read() }
        if reusing, let source = passphraseSources.first { return try source.read() }
        return try TerminalPrompt.newPassphrase(prompt, allowsNone: allowsNone)
    }

    /// Opens identities for uses of their keys, by the agent or by `unlocker`.
    public var opener: IdentityOpener { opener(with: unlocker) }

    /// Opens identities later without a user, by the agent or by `unattendedUnlocker`.
    public var unattendedOpener: IdentityOpener { opener(with: unattendedUnlocker) }

    private func opener(with unlocker: any KeyUnlocker) -> IdentityOpener {
        IdentityOpener(
            asksAgent: !noAgent,
            asksPlugins: passphraseSources.isEmpty,
            tracesPlugins: debugPlugin,
            unlocker: unlocker
        )
    }

    /// Unlocks one of the user's own identities, without the agent.
    ///
    /// It is for acts that need the keys themselves or change what others believe of the keys.
    public func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        try keystore.unlock(record, with: unlocker(for: record.name))
    }
}
