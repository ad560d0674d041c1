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

            The server's registry says who may take part: keyctl import alice.pub there. \
            The client's registry says which server is meant: keyctl import server.pub there. \
            Exit status: 0 done, 1 failed, 64 misused.
            """,
        version: version,
        subcommands: [ServeCommand.self, ConnectCommand.self, ResetCommand.self]
    )

    /// For the argument parser, which fills the fields.
    public init() {}
}
