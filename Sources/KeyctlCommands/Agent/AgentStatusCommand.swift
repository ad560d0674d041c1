internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport

/// `keyctl agent status`.
struct AgentStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the agent's sockets and keys.",
        discussion: """
            Fails if no agent answers.

            Examples:
              keyctl agent status
              keyctl agent status --json
            """
    )

    @OptionGroup var global: GlobalOptions

    private struct Key: Encodable {
        let name: String?
        let keyVersion: Int?
        let type: String
        let fingerprint: String
        let comment: String
        let operations: [String]
        let confirm: Bool
        let unattended: Bool
        let limitedToHosts: Bool
        let expiresIn: Int?
        let lockAfter: Int?

        enum CodingKeys: String, CodingKey {
            case name, type, fingerprint, comment, operations, confirm, unattended
            case keyVersion = "key_version"
            case limitedToHosts = "limited_to_hosts"
            case expiresIn = "expires_in"
            case lockAfter = "lock_after"
        }

        init(_ key: AgentKeyStatus) {
            name = key.name
            keyVersion = key.name == nil ? nil : key.version
            type = key.kind
            fingerprint = key.fingerprint
            comment = key.comment
            // A key that ssh-add added only signs for ssh.
            operations = (key.signs ? ["sign"] : []) + (key.name == nil ? [] : ["decrypt"])
            confirm = key.confirms
            unattended = key.isUnattended
            limitedToHosts = key.hasHosts
            expiresIn = key.remainingSeconds
            lockAfter = key.idleSeconds
        }

        var row: [String] {
            var terms: [String] = []
            if confirm { terms.append("confirm") }
            if unattended { terms.append("unattended") }
            if limitedToHosts { terms.append("limited to hosts") }
            if let expiresIn { terms.append("removed in \(AgentDuration.text(expiresIn))") }
            if let lockAfter { terms.append("removed after \(AgentDuration.text(lockAfter)) idle") }
            return [
                name ?? comment, keyVersion.map(String.init) ?? "-",
                operations.joined(separator: ", "), fingerprint, terms.joined(separator: "; "),
            ]
        }
    }

    private struct Document: CommandResult {
        let version = 1
        let process: Int
        let sshSocket: String
        let socket: String
        let earlierAgent: String?
        let locked: Bool
        let memoryLocked: Bool
        let keys: [Key]

        enum CodingKeys: String, CodingKey {
            case version, process, socket, locked, keys
            case sshSocket = "ssh_socket"
            case earlierAgent = "earlier_agent"
            case memoryLocked = "memory_locked"
        }

        func printText() {
            Report.result("process \(process)\(locked ? ", locked" : "")")
            Report.result("SSH socket  \(sshSocket)")
            Report.result("own socket  \(socket)")
            if let earlierAgent { Report.result("also asks   \(earlierAgent)") }
            if !memoryLocked { Report.result("its secrets are not locked in memory") }
            guard !keys.isEmpty else { return }
            Table.print(["NAME", "VERSION", "MAY", "FINGERPRINT", "TERMS"], keys.map(\.row))
        }
    }

    func run() throws {
        let status = try AgentCommand.client().status()
        try global.print(
            Document(
                process: status.process.id,
                sshSocket: status.process.sshSocket,
                socket: status.process.ownSocket,
                earlierAgent: status.process.earlierAgent,
                locked: status.isLocked,
                memoryLocked: status.process.locksSecrets,
                keys: status.keys.map(Key.init)
            )
        )
    }
}
