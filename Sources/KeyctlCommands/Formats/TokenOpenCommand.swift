internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Tokens

/// The command `keyctl token open`.
struct TokenOpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a Fernet token.",
        discussion: """
            Exit status: 0 opened, 2 damaged, of another key, expired, or from the future.

            Examples:
              keyctl token open --fernet --key fernet.key --ttl 3600 token.txt
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var fernet: FernetOptions
    @Option(help: ArgumentHelp("Seconds after which a token is too old.", valueName: "seconds"))
    var ttl: Int64?
    @Option(help: ArgumentHelp("Seconds that clocks may differ.", valueName: "seconds"))
    var skew = FernetKey.clockSkew
    @Argument(help: ArgumentHelp("The token (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        guard ttl.map({ $0 > 0 }) ?? true, (0...86_400).contains(skew) else {
            throw ValidationError("--ttl and --skew must be numbers of seconds")
        }
        guard !global.json else {
            throw ValidationError("--json cannot be used here: the message is printed as it is")
        }
    }

    func run() throws {
        let key = try fernet.read()
        let token = try CommandInput.secret(file, limit: TokenCommand.largestByteCount)
        let message = try key.open(
            token.bytes,
            lifetime: ttl,
            now: Timestamp.now.seconds,
            clockSkew: skew
        )
        try TokenCommand.write(message.bytes)
    }
}
