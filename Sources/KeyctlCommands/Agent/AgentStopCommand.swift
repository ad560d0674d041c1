internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport

/// `keyctl agent stop`.
struct AgentStopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "End the agent, and print what the shell evaluates.",
        discussion: """
            All keys are removed from memory.

            Example:
              eval "$(keyctl agent stop)"
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var shell: ShellOptions

    func run() throws {
        try AgentCommand.client().perform(.stop)
        shell.printRemoval()
    }
}
