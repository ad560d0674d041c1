internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Tokens

/// The command `keyctl token seal`.
struct TokenSealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Seal a message as a Fernet token.",
        discussion: """
            Examples:
              echo -n hello | keyctl token seal --fernet --key fernet.key
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var fernet: FernetOptions
    @Argument(help: ArgumentHelp("The message (default: standard input).", valueName: "file"))
    var file: String?

    func run() throws {
        let key = try fernet.read()
        let message = try CommandInput.secret(file, limit: TokenCommand.largestMessageByteCount)
        let token = try key.seal(message.bytes, time: Timestamp.now.seconds)
        try TokenCommand.write(token, json: global.json)
    }
}
