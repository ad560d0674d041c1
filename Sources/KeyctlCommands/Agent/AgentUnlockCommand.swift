internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport

/// `keyctl agent unlock`.
struct AgentUnlockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Decrypt the keys of a locked agent.",
        discussion: """
            Each wrong passphrase delays the answer.

            Example:
              keyctl agent unlock
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let client = try AgentCommand.client()
        try client.perform(.unlock(global.passphrase(prompt: "Passphrase of the agent")))
        Report.note("the agent is unlocked")
    }
}
