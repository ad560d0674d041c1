internal import ArgumentParser
internal import CommandSupport
internal import Keystore
internal import PluginHost
internal import PluginWire

/// `keyctl plugin untrust`.
struct PluginUntrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untrust",
        abstract: "Let a plugin run no more, and remove its copy.",
        discussion: """
            Bindings to the plugin are removed, too. Keys that it keeps stay where they are.

            Examples:
              keyctl plugin untrust hello
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the plugin.", transform: PluginNameArgument.read)
    var name: PluginName

    private struct Document: CommandResult {
        let version = 1
        let untrusted: String

        func printText() { Report.result("\(untrusted) does not run any more") }
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        let plugins = try global.plugins
        let program = try plugins.trustedProgram(name)
        try plugins.untrust(program, in: &keystore)
        try global.print(Document(untrusted: program.description))
        for record in try keystore.records() {
            let versions = record.keysElsewhere.filter { $0.place.provider == name.description }
            guard !versions.isEmpty else { continue }
            Report.warning(
                "\"\(record.name)\" has keys with this plugin, and they cannot be used now: version "
                    + versions.map { "\($0.version)" }.joined(separator: ", ")
            )
        }
    }
}
