internal import ArgumentParser
internal import CommandSupport
internal import PluginHost
internal import PluginWire

/// `keyctl plugin update`.
struct PluginUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Take the newer file of a plugin, if its signer signed it.",
        discussion: """
            The plugin was trusted with --signer. The signature is in PATH.sig, made with keyctl \
            sign -n keyctl-plugin. Without --path, the file is read from where it was trusted.

            Examples:
              keyctl plugin update hello
              keyctl plugin update hello --path ./keyctl-plugin-hello
            """
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: ArgumentHelp("The newer file.", valueName: "path"))
    var path: String?
    @Argument(help: "Name of the plugin.", transform: PluginNameArgument.read)
    var name: PluginName

    func run() throws {
        var keystore = try global.existingKeystore()
        let plugins = try global.plugins
        let update = try plugins.update(
            plugins.trustedProgram(name),
            from: path,
            builtIn: PluginEntry.reservedIDs.union(Keyctl.commandNames),
            in: &keystore
        )
        switch update {
        case .same(let program):
            try global.print(PluginDocument(program, verb: "up to date:"))
        case .updated(let program): try global.print(PluginDocument(program, verb: "updated"))
        }
    }
}
