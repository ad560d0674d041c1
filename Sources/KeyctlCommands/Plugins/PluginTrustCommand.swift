internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import PluginHost

/// `keyctl plugin trust`.
struct PluginTrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Let a plugin, or a command keyctl-NAME, run from now on.",
        discussion: """
            The file is copied into the home, and only this copy runs, as long as its SHA-256 is the \
            recorded one. A plugin is started once, to record what it offers. Of a script, the trust \
            covers the file, not its interpreter and not what the file loads.

            Examples:
              keyctl plugin trust ./keyctl-plugin-hello
              keyctl plugin trust ./keyctl-plugin-token --env TOKEN_MODULE
              keyctl plugin trust ./keyctl-plugin-hello --signer alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @Option(
        help: "Take only files that this person signed, and later ones by update.",
        transform: KeyName.argument
    )
    var signer: KeyName?
    @Option(
        name: .customLong("env"),
        help: ArgumentHelp(
            "A variable that the plugin gets (several times).",
            valueName: "variable"
        )
    )
    var variables: [String] = []
    @Argument(help: ArgumentHelp("keyctl-plugin-NAME or keyctl-NAME.", valueName: "path"))
    var path: String

    func run() throws {
        var keystore = try global.keystore()
        let file = path.split(separator: "/").last ?? ""
        let isPlugin = ProgramName(fileName: file)?.isPlugin ?? true
        let program = try global.plugins.trust(
            path,
            signer: signer,
            variables: variables,
            builtIn: PluginEntry.reservedNames(forPlugins: isPlugin),
            in: &keystore
        )
        try global.print(PluginDocument(program, verb: "trusted"))
        guard !global.json else { return }
        if let interpreter = try global.plugins.interpreter(of: program) {
            Report.note(
                "it is a script: the trust covers this file, but not \(interpreter), and not what "
                    + "the script loads"
            )
        }
    }
}
