internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import PluginHost

/// `keyctl plugin bind`.
struct PluginBindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Ask a plugin for the passphrase of an identity.",
        discussion: """
            From now on the plugin is asked for the passphrase of this identity, and of no other, \
            where no option gives it. If the plugin has none, keyctl asks as before.

            Examples:
              keyctl plugin bind keyring --user alice
              keyctl plugin unbind --user alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: "Name of the identity.", transform: KeyName.argument)
    var user: KeyName
    @Argument(help: ArgumentHelp("The passphrase source of a trusted plugin.", valueName: "id"))
    var id: String

    private struct Document: CommandResult {
        let version = 1
        let name: String
        let source: String

        func printText() {
            Report.result("the passphrase of \(name) comes from the plugin source \(source)")
        }
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        let record = try keystore.record(user)
        if try !keystore.needsPassphrase(record) {
            Report.warning("\"\(user)\" needs no passphrase, so the plugin is not asked")
        }
        try global.plugins.bind(id, to: user, in: &keystore)
        try global.print(Document(name: user.description, source: id))
    }
}

/// `keyctl plugin unbind`.
struct PluginUnbindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbind",
        abstract: "Ask no plugin any more for the passphrase of an identity.",
        discussion: """
            Examples:
              keyctl plugin unbind --user alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: "Name of the identity.", transform: KeyName.argument)
    var user: KeyName

    private struct Document: CommandResult {
        let version = 1
        let name: String

        func printText() { Report.result("no plugin gives the passphrase of \(name) any more") }
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        try global.plugins.unbind(user, in: &keystore)
        try global.print(Document(name: user.description))
    }
}
