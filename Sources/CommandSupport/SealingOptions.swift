public import ArgumentParser
public import CryptoCore
public import Keystore
internal import Synchronization

/// The options of commands that seal a key.
public struct SealingOptions: ParsableArguments {
    @Flag(help: "Seal without a passphrase: everybody who can read the file has the key.")
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

    /// For the argument parser, which fills the fields.
    public init() {}

    /// The Argon2id parameters of `--kdf`; `nil` without it.
    public var parameters: Argon2id.Parameters? { kdf }
    /// Whether `--no-passphrase` was given.
    public var isWithoutPassphrase: Bool { noPassphrase }

    /// Returns the protection of a new key.
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
