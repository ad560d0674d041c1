internal import ArgumentParser
internal import CryptoCore
internal import DurableFiles
internal import FoundationEssentials
internal import Tokens

/// The options that `token seal` and `token open` share.
struct FernetOptions: ParsableArguments {
    @Flag(help: "Use Fernet, the only kind of sealed token.")
    var fernet = false
    @Option(help: ArgumentHelp("The file of the Fernet key.", valueName: "file"))
    var key: String

    func read() throws -> FernetKey {
        try DurableFile.requirePrivate(key)
        let text = try DurableFile.readSecret(key, limit: 4096)
        return try FernetKey(text: text.bytes)
    }
}
