internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport

/// `keyctl agent`.
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Hold opened keys, for keyctl, securechat and ssh.",
        discussion: """
            The agent has two sockets. SSH_AUTH_SOCK signs SSH logins and SSH signatures, and \
            nothing else, so it may be forwarded (ssh -A). KEYCTL_AGENT_SOCKET is for keyctl and \
            securechat on this machine: it also decrypts. Commands ask it before they ask for a \
            passphrase; --no-agent forbids that.

            Examples:
              eval "$(keyctl agent start)"
              keyctl agent add alice --lifetime 8h
              keyctl agent status
              keyctl agent lock
              keyctl agent stop
            """,
        subcommands: [
            AgentStartCommand.self, AgentStopCommand.self, AgentStatusCommand.self,
            AgentAddCommand.self, AgentRemoveCommand.self, AgentLockCommand.self,
            AgentUnlockCommand.self,
        ]
    )

    /// The agent that the environment names; throws `CommandError` where no folder is known.
    static func client() throws -> AgentClient {
        guard let client = AgentClient.standard else { throw CommandError.noAgentFolder }
        return client
    }
}

extension CommandError {
    static var noAgentFolder: CommandError {
        .failed(
            "there is no folder for the agent's sockets",
            hint: "set HOME or XDG_RUNTIME_DIR to a private folder"
        )
    }
}
