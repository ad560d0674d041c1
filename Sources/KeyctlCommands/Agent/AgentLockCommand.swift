internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport

/// `keyctl agent lock`.
struct AgentLockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Encrypt the agent's keys under a passphrase, until unlock.",
        discussion: """
            While the agent is locked, its memory holds only encrypted keys.

            Example:
              keyctl agent lock
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try AgentCommand.client()
        guard try !client.status().isLocked else { throw CommandError.agentLocked }
        let passphrase = try global.newPassphrase(
            prompt: "Passphrase to lock the agent",
            reusing: true
        )
        try client.perform(.lock(passphrase))
        Report.note("the agent is locked")
    }
}
