internal import ArgumentParser
internal import CommandSupport
internal import PluginHost
internal import PluginWire

/// `keyctl plugin info`.
struct PluginInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show one plugin: its file, what is recorded of it, and what it says.",
        discussion: """
            A plugin that may run is started and asked what it offers.

            Examples:
              keyctl plugin info hello
              keyctl plugin info hello --json
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the plugin.", transform: PluginNameArgument.read)
    var name: PluginName

    func run() throws {
        let plugins = try global.plugins
        let found = try plugins.summaries().filter { $0.name.name == name }
        guard let summary = found.first(where: \.name.isPlugin) ?? found.first else {
            throw PluginHostError.notTrusted(name)
        }
        let mayRun = summary.name.isPlugin && summary.standing != .untrusted
        let greeting = try mayRun ? plugins.greeting(of: name) : nil
        try global.print(PluginDocument(summary, greeting))
        guard summary.standing == .untrusted, !global.json else { return }
        Report.note("it is not trusted and does not run: keyctl plugin trust \(summary.path)")
    }
}

enum PluginNameArgument {
    static func read(_ text: String) throws -> PluginName {
        guard let name = PluginName(text) else {
            throw ValidationError(
                "the name of a plugin has 1 to 32 of a to z, 0 to 9 and -, and does not begin or "
                    + "end with -"
            )
        }
        return name
    }
}
