public import ArgumentParser
public import CryptoCore
public import Keystore
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

    @Option(help: ArgumentHelp("As --passphrase-file, for a new passphrase.", valueName: "file"))
    var newPassphraseFile: String?
    @Option(help: ArgumentHelp("As --passphrase-fd, for a new passphrase.", valueName: "fd"))
    var newPassphraseFd: Int32?
    @Option(help: ArgumentHelp("As --passphrase-env, for a new passphrase.", valueName: "variable"))
    var newPassphraseEnv: String?
    @Option(
        help: ArgumentHelp("As --passphrase-command, for a new passphrase.", valueName: "command")
    )
    var newPassphraseCommand: String?

    /// For the parser, which fills the fields in.
    public init() {}

    /// Refuses what contradicts itself.
    public func validate() throws {
        for sources in [passphraseSources, newPassphraseSources] where sources.count > 1 {
            throw ValidationError("several options give the same passphrase: use only one of them")
        }
    }

    private var passphraseSources: [PassphraseSource] {
        PassphraseSource.all(
            passphraseFile,
            passphraseFd,
            passphraseEnv,
            passphraseCommand
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

    /// The home that is meant.
    public var keyctlHome: Home { get throws { try Home.resolve(home) } }

    /// Opens the keystore that is meant, and tells what is odd about it.
    public func keystore() throws -> Keystore {
        let isTold = Mutex(false)
        let keystore = try Keystore(home: keyctlHome) { reason in
            let isNew = isTold.withLock { told in
                defer { told = true }
                return !told
            }
            guard isNew else { return }
            Report.warning("an entry is missing in the audit log: \(Report.message(of: reason))")
        }
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
            if let hint = item.error.hint { Report.hint(hint) }
        }
        return keystore
    }

    /// Opens the keystore that is meant; throws `CommandError` where there is none, for commands
    /// whose silence would say that all is well.
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

    /// Whether a passphrase was given, in whatever way.
    public var givesPassphrase: Bool { !passphraseSources.isEmpty }

    /// Whether a new passphrase was given, in one of the ways that count for it.
    public func givesNewPassphrase(reusing: Bool) -> Bool {
        !newPassphraseSources.isEmpty || reusing && !passphraseSources.isEmpty
    }

    /// What opens keys: the option given, else a person at the terminal.
    public var unlocker: any KeyUnlocker { passphraseSources.first ?? TerminalUnlocker() }

    /// What opens an identity later without asking anybody, where it needs no passphrase or the
    /// passphrase file holds it then.
    public var unattendedUnlocker: any KeyUnlocker {
        UnattendedUnlocker(source: passphraseSources.first)
    }

    /// A passphrase that exists: from the option given, else asked for on the terminal.
    public func passphrase(prompt: String) throws -> Passphrase {
        try unlocker.passphrase(prompt: prompt)
    }

    /// A passphrase to be: from `--new-passphrase-…`, else `--passphrase-…` where `reusing`, else
    /// asked for twice.
    public func newPassphrase(
        prompt: String,
        reusing: Bool,
        allowsNone: Bool = false
    ) throws -> Passphrase {
        if let source = newPassphraseSources.first { return try source.read() }
        if reusing, let source = passphraseSources.first { return try source.read() }
        return try TerminalPrompt.newPassphrase(prompt, allowsNone: allowsNone)
    }

    /// Opens one's own identity.
    public func unlock(_ record: IdentityRecord, in keystore: Keystore) throws -> UnlockedIdentity {
        try keystore.unlock(record, with: unlocker)
    }
}

/// The options of commands that seal a key.
public struct SealingOptions: ParsableArguments {
    @Flag(help: "Seal with no passphrase: whoever can read the file has the key.")
    var noPassphrase = false

    @Option(
        help: ArgumentHelp(
            "Cost of the passphrase: Argon2id memory in KiB, passes, lanes.",
            valueName: "m=…,t=…,p=…"
        ),
        transform: { text in
            guard let parameters = Argon2id.Parameters(text) else {
                throw ValidationError("--kdf must be written as m=262144,t=3,p=4")
            }
            return parameters
        }
    )
    private var kdf: Argon2id.Parameters?

    /// For the parser, which fills the fields in.
    public init() {}

    /// The parameters that were asked for.
    public var parameters: Argon2id.Parameters? { kdf }
    /// Whether no passphrase was asked for by name.
    public var isWithoutPassphrase: Bool { noPassphrase }

    /// How a new key is to be sealed.
    public func protection(
        _ options: GlobalOptions,
        prompt: String,
        reusing: Bool,
        isImport: Bool = false
    ) throws -> Protection {
        guard !noPassphrase else {
            guard kdf == nil, !options.givesNewPassphrase(reusing: reusing && !isImport) else {
                throw CommandError.usage(
                    "--no-passphrase and a new passphrase cannot be used together"
                )
            }
            return .none
        }
        return .passphrase(
            try options.newPassphrase(prompt: prompt, reusing: reusing, allowsNone: true),
            kdf ?? Argon2id.Parameters.standard
        )
    }
}
