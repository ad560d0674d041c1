internal import AgePlugins
public import ArgumentParser
internal import DurableFiles

/// The root command of `age-plugin-keyctl`.
public struct AgePluginKeyctl: ParsableCommand {
    /// What the parser shows and accepts.
    public static let configuration = CommandConfiguration(
        commandName: "age-plugin-keyctl",
        abstract: "Lets age decrypt files with the RSA keys of keyctl.",
        discussion: """
            This is a plugin: age runs it, and it talks to age. The keys stay in keyctl's home, \
            $KEYCTL_HOME, else ~/.local/share/keyctl. age asks for the passphrase of a key.

            Examples:
              age -d -j keyctl plan.pdf.age > plan.pdf
              keyctl export alice --age-plugin-identity --out alice.id
              age -d -i alice.id plan.pdf.age > plan.pdf
            """
    )

    @Option(
        help: ArgumentHelp(
            "What to do: identity-v1 or recipient-v1. age gives this option.",
            valueName: "machine"
        )
    )
    var agePlugin: String

    /// For the parser, which fills the fields in.
    public init() {}

    /// Talks to the host over standard input and output.
    public func run() throws {
        let service = try PluginService(input: InputFile(nil), output: StandardOutput())
        switch agePlugin {
        case "identity-v1":
            var server = IdentityServer(service)
            try server.run()
        case "recipient-v1": try RecipientServer.run(service)
        default: throw AgePluginError.unknownMachine(agePlugin)
        }
    }
}
