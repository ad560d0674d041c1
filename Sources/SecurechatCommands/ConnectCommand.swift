import ArgumentParser
import ChatClient
import ChatProtocol
import CommandSupport
import Failures
import Glibc
import KeyFormats
import Keystore
import Registry

/// The command `securechat connect`.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect to a chat.",
        discussion: """
            Settings come from user_config.json (username, server_ip, server_port), from \
            variables (SECURECHAT_USERNAME, …) and from options; a later source wins. On a \
            terminal, the command asks for missing settings.

            On a terminal, type messages; /help lists the commands. From a pipe, each line is a \
            message; the command ends when all messages are acknowledged, and fails if one is \
            not. With --json, each line is one object.

            Examples:
              securechat connect
              securechat connect chat.example:5000 --user alice
              echo 'backup done' | securechat connect --user robot
              journalctl -f | securechat connect --text-only --wait --user robot
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("The server's address.", valueName: "host:port"),
        transform: Address.init
    )
    var address: Address?
    @Option(
        help: ArgumentHelp(
            "Your identity (default: your only one).",
            valueName: "name"
        ),
        transform: KeyName.argument
    )
    var user: KeyName?
    @Option(
        help: ArgumentHelp(
            "The server's name in your registry (default: server).",
            valueName: "name"
        ),
        transform: KeyName.argument
    )
    var server: KeyName?
    @Option(
        help: ArgumentHelp(
            "Settings (default: user_config.json, if it is there).",
            valueName: "file"
        )
    )
    var config: String?
    @Flag(help: "Encrypt only to keys that you imported yourself.")
    var pinned = false
    @Option(
        help: ArgumentHelp(
            "The name under which the read position is stored (default: terminal, json or "
                + "follow, by the way of use; a plain pipe shows new messages and stores no "
                + "position).",
            valueName: "name"
        ),
        transform: KeyName.argument
    )
    var reader: KeyName?
    @Flag(help: "Wait for a server that is not running yet.")
    var wait = false
    @Flag(help: "Stay connected when standard input ends: for logs and bots.")
    var follow = false
    @Flag(help: "Take all of standard input as text: no commands, no JSON.")
    var textOnly = false
    @Option(
        name: .customLong("log"),
        help: ArgumentHelp(
            "Add what is said, with dates and your own lines, to this file.",
            valueName: "file"
        )
    )
    var transcript: String?

    func run() async throws {
        let settings = try await Settings(
            path: config ?? "user_config.json",
            isNamed: config != nil
        )
        settings.printWarnings()
        try settings.requireRightTypes()
        let keystore = try global.keystore()
        let configuration = try clientConfiguration(settings)
        let record = try chosenRecord(settings, keystore)
        guard keystore.registry.state.identity(configuration.serverName) != nil else {
            throw ChatError.unknownServer(configuration.serverName)
        }
        let unlocked = try global.opener.open(record, in: keystore)
        let session = ChatSession(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            transcript: transcript,
            isTextOnly: textOnly
        )
        if isTerminal, Report.knowsEscapeSequences {
            try await session.onTerminal()
        } else {
            try await session.onStreams(isJSON: global.json, follows: follow)
        }
    }

    private var isTerminal: Bool {
        !global.json && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    }

    /// A session that only sends messages from a pipe has no reader.
    private var standardReader: String? {
        if global.json { return "json" }
        return isTerminal ? "terminal" : follow ? "follow" : nil
    }

    private func clientConfiguration(_ settings: Settings) throws -> ClientConfiguration {
        var host = address?.host ?? settings.string("server_ip")
        var port = try address?.port ?? settings.integer("server_port")
        if host == nil, isTerminal {
            let answer = ask("Server's address", standard: "127.0.0.1:\(Address.standardPort)")
            let given = try Address(answer)
            host = given.host
            port = port ?? given.port
        }
        return ClientConfiguration(
            host: host ?? "127.0.0.1",
            port: port ?? Address.standardPort,
            serverName: try server ?? KeyName(settings.string("server") ?? "server"),
            pinnedOnly: pinned,
            reader: reader?.description ?? standardReader,
            isAttended: isTerminal,
            waitsForServer: wait,
            // A script gets an exit status at the end. A person or a program decides by itself when
            // to stop.
            reconnectsForever: global.json || follow || isatty(STDIN_FILENO) == 1
        )
    }

    private func chosenRecord(
        _ settings: Settings,
        _ keystore: Keystore
    ) throws -> IdentityRecord {
        if let user { return try keystore.record(user) }
        if let name = settings.string("username") { return try keystore.record(KeyName(name)) }
        do {
            return try keystore.defaultRecord()
        } catch let error as KeystoreError where error.code == .ambiguousIdentity && isTerminal {
            Report.note(error.message)
            return try keystore.record(KeyName(ask("Your name", standard: nil)))
        }
    }

    private func ask(_ question: String, standard: String?) -> String {
        Report.write(
            Array("\(question)\(standard.map { " [\($0)]" } ?? ""): ".utf8),
            to: STDERR_FILENO
        )
        let answer = readLine() ?? ""
        return answer.isEmpty ? standard ?? "" : answer
    }
}
