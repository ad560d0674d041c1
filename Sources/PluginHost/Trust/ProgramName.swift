public import PluginWire

/// What a file of a plugin or of a command is called.
public enum ProgramName: Hashable, Sendable, CustomStringConvertible {
    /// `keyctl-plugin-NAME`.
    case plugin(PluginName)
    /// `keyctl-NAME`: a subcommand.
    case command(PluginName)

    private static let pluginPrefix = "keyctl-plugin-"
    private static let commandPrefix = "keyctl-"

    /// Reads the name of a file; `nil` if it is neither.
    public init?(fileName: some StringProtocol) {
        if fileName.hasPrefix(ProgramName.pluginPrefix) {
            let rest = fileName.dropFirst(ProgramName.pluginPrefix.count)
            guard let name = PluginName(rest) else { return nil }
            self = .plugin(name)
        } else if fileName.hasPrefix(ProgramName.commandPrefix) {
            let rest = fileName.dropFirst(ProgramName.commandPrefix.count)
            // Such a command would have the file name of a plugin.
            guard let name = PluginName(rest), rest != "plugin", !rest.hasPrefix("plugin-") else {
                return nil
            }
            self = .command(name)
        } else {
            return nil
        }
    }

    /// The NAME.
    public var name: PluginName {
        switch self {
        case .plugin(let name), .command(let name): name
        }
    }

    /// Whether it is a plugin.
    public var isPlugin: Bool {
        switch self {
        case .plugin: true
        case .command: false
        }
    }

    /// The file's name.
    public var description: String {
        switch self {
        case .plugin(let name): ProgramName.pluginPrefix + name.description
        case .command(let name): ProgramName.commandPrefix + name.description
        }
    }
}
