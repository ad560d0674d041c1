internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport
internal import Failures
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl agent add`.
struct AgentAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Let the agent hold the keys of an identity.",
        discussion: """
            Asks for the passphrase. The version in use signs and decrypts; older versions only \
            decrypt. After a rotation, add the identity again.

            A server's identity is unattended, unless --confirm or --lock-after is given.

            Examples:
              keyctl agent add
              keyctl agent add alice --lifetime 8h --lock-after 30m
              keyctl agent add alice --confirm --host git@git.example.org
              keyctl agent add server --unattended
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(
        help: "Names of identities (default: your only one).",
        transform: KeyName.argument
    )
    var names: [KeyName] = []
    @Option(
        help: ArgumentHelp("Remove the keys after this time: 90s, 30m, 8h, 2d.", valueName: "time"),
        transform: AgentDuration.read
    )
    var lifetime: Int?
    @Option(
        help: ArgumentHelp("Remove the keys after this time without use.", valueName: "time"),
        transform: AgentDuration.read
    )
    var lockAfter: Int?
    @Flag(help: "Ask before each use, with the program of $SSH_ASKPASS.")
    var confirm = false
    @Flag(help: "Let programs use the keys while nobody watches: for a server.")
    var unattended = false
    @Option(
        help: ArgumentHelp(
            "Log in to this host only: [user@]host, or via>[user@]host; may be repeated.",
            valueName: "host"
        )
    )
    var host: [String] = []

    func validate() throws {
        guard !unattended || !confirm && lockAfter == nil else {
            throw ValidationError(
                "--unattended cannot be used with --confirm or --lock-after: nobody is there"
            )
        }
    }

    private struct Document: CommandResult {
        let version = 1
        let name: String
        let versions: [Int]

        func printText() {
            let list = versions.map(String.init).joined(separator: ", ")
            Report.result("the agent holds \(name), version \(list)")
        }
    }

    func run() throws {
        let keystore = try global.existingKeystore()
        let records =
            try names.isEmpty ? [keystore.defaultRecord()] : names.map { try keystore.record($0) }
        let client = try AgentCommand.client()
        // An agent that cannot take keys is noticed before a passphrase is asked for.
        guard try !client.status().isLocked else { throw CommandError.agentLocked }
        let hosts = try host.map { try KnownHosts.constraint($0) }
        for record in records {
            let unlocked = try global.unlock(record, in: keystore)
            var policy = KeyPolicy()
            policy.lifetime = lifetime
            policy.idleSeconds = lockAfter
            policy.confirms = confirm
            policy.isUnattended = unattended || record.isServer && !confirm && lockAfter == nil
            policy.hosts = hosts
            let versions = try add(unlocked, policy, keystore, client)
            try global.print(Document(name: record.name.description, versions: versions))
        }
    }

    /// Adds every version whose key is in the keystore; returns their numbers.
    private func add(
        _ unlocked: UnlockedIdentity,
        _ policy: KeyPolicy,
        _ keystore: Keystore,
        _ client: AgentClient
    ) throws -> [Int] {
        let record = unlocked.record
        // Earlier versions would go on to sign, and destroyed ones to decrypt.
        do { try client.perform(.remove(record.name.description)) } catch let error as AgentError {
            guard error.code == .noSuchKey else { throw error }
        }
        let signing = try? record.signingVersion(at: .now).number
        var added: [Int] = []
        for number in record.identity.versions.map(\.number) {
            guard record.place(of: number) == .sealed, record.hasKey(number),
                try unlocked.key(version: number) != nil
            else { continue }
            let identity = HeldIdentity(
                name: record.name.description,
                version: number,
                id: record.identity.id,
                home: keystore.home.path,
                signs: number == signing,
                isServer: record.isServer
            )
            try client.perform(.add(identity, policy, unlocked.exportedKey(version: number)))
            added.append(number)
        }
        return added
    }
}

extension CommandError {
    static var agentLocked: CommandError {
        .failed("the agent is locked", hint: "unlock it: keyctl agent unlock")
    }
}
