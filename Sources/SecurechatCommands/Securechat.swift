public import ArgumentParser

/// The root command of `securechat`.
public struct Securechat: AsyncParsableCommand {
    /// The version of both programs.
    public static let version = "0.1.0"

    /// The name, the help and the subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "securechat",
        abstract: "A private group chat for people who are registered beforehand.",
        discussion: """
            Examples:
              securechat serve                     run a server on 127.0.0.1:5000
              securechat connect                   chat, with the keys that keyctl made
              securechat connect chat.example:5000 --user alice

            The server's registry decides who may take part: run keyctl import alice.pub in the \
            server's home. The client's registry decides which server is trusted: run \
            keyctl import server.pub in the client's home. Exit status: 0 done, 1 failed, 64 misused.
            """,
        version: version,
        subcommands: [ServeCommand.self, ConnectCommand.self, ResetCommand.self]
    )

    /// For the argument parser, which fills the fields.
    public init() {}
}
