public import ArgumentParser

/// The root command of `securechat`.
public struct Securechat: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(commandName: "securechat")
    public init() {}
}
