internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import FoundationEssentials
internal import Tokens

/// The command `keyctl token key`.
struct TokenKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make a Fernet key.",
        discussion: """
            Examples:
              keyctl token key --out fernet.key
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("The output file.", valueName: "file")
    )
    var out: String

    func run() throws {
        let key = try FernetKey()
        let text = key.text
        let line = SecretBytes(count: text.count + 1) { view in
            view.copy(text.bytes, to: 0)
            view.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: text.count, as: UInt8.self)
        }
        try DurableFile.create(out, with: line.bytes)
        guard !global.json else { return try Report.json(WrittenFile(file: out)) }
        Report.note("wrote \(out)")
    }
}
