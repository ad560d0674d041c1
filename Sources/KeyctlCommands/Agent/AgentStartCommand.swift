internal import Agent
internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport
internal import Glibc
internal import KeyFormats
internal import Keystore

/// `keyctl agent start`.
struct AgentStartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start the agent, and print what the shell evaluates.",
        discussion: """
            The sockets are in $XDG_RUNTIME_DIR/keyctl, or in ~/.keyctl-agent without that \
            variable. An agent that SSH_AUTH_SOCK names before is asked for the keys that this \
            one does not have. If this user's agent is running already, its variables are printed.

            Examples:
              eval "$(keyctl agent start)"
              keyctl agent start --foreground
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var shell: ShellOptions
    @Flag(help: "Stay in the foreground.")
    var foreground = false

    func run() throws {
        guard let folder = AgentAddress.folder else { throw CommandError.noAgentFolder }
        let sshPath = AgentAddress.sshSocket(in: folder)
        let ownPath = AgentAddress.ownSocket(in: folder)
        if foreground { return try serve(folder) }
        if let living = try? AgentClient(path: ownPath).status() {
            Report.note("the agent is running already: process \(living.process.id)")
        } else {
            try BackgroundAgent.start()
        }
        shell.printVariables(ssh: sshPath, own: ownPath)
    }

    private func serve(_ folder: String) throws {
        let earlier = EarlierSocket.path(folder)
        let passed = PassedSockets()
        let sockets =
            if let passed {
                try AgentFolder(folder, passed: passed)
            } else {
                try AgentFolder(folder)
            }
        let (sshPath, ownPath) = (sockets.sshPath, sockets.ownPath)
        let server = try AgentServer(sockets, earlierAgent: earlier) { identity in
            guard let name = try? KeyName(identity.name) else { return }
            AuditLog(home: Home(path: identity.home))
                .note("ssh-use", name, version: identity.version)
        }
        if !server.locksSecrets {
            Report.warning("the limit on locked memory is too low: keys may be swapped to the disk")
            Report.hint("raise it (ulimit -l), or encrypt the swap space")
        }
        if BackgroundAgent.isChild {
            try BackgroundAgent.detach()
        } else if passed == nil {
            shell.printVariables(ssh: sshPath, own: ownPath)
        }
        server.run()
    }
}
