import ArgumentParser
import ChatClient
import ChatProtocol
import CommandSupport
import CryptoCore
import Glibc
import KeyFormats
import Keystore
import NIOConcurrencyHelpers
import NIOPosix
import Registry

/// `securechat connect`.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Chat.",
        discussion: """
            Settings come from user_config.json (username, server_ip, server_port), from variables \
            (SECURECHAT_USERNAME, …) over it, and from options over both; on a terminal, what is \
            missing is asked for.

            On a terminal: type, and /help. From a pipe: one line, one message; it ends when all is \
            acknowledged.

            Examples:
              securechat connect
              securechat connect chat.example:5000 --user alice
              echo 'backup done' | securechat connect --user robot
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
            "Who you are (default: the one identity that is here).",
            valueName: "name"
        ),
        transform: KeyName.option
    )
    var user: KeyName?
    @Option(
        help: ArgumentHelp(
            "The server's name in your registry (default: server).",
            valueName: "name"
        ),
        transform: KeyName.option
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
            "Under which name what was read is remembered (default: terminal, or json with --json; "
                + "a plain pipe shows what is said meanwhile and marks nothing as read).",
            valueName: "name"
        ),
        transform: KeyName.option
    )
    var reader: KeyName?

    func run() async throws {
        let settings = try await Settings(
            path: config ?? "user_config.json",
            isNamed: config != nil
        )
        let keystore = try global.keystore()
        let configuration = try clientConfiguration(settings)
        let record = try chosenRecord(settings, keystore)
        guard keystore.registry.state.identity(configuration.serverName) != nil else {
            throw ChatError.serverNotImported(configuration.serverName)
        }
        let unlocked = try global.unlock(record, in: keystore)
        if isTerminal {
            try await chat(configuration, keystore, unlocked)
        } else {
            try await pipe(configuration, keystore, unlocked)
        }
    }

    private var isTerminal: Bool {
        !global.json && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
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
            reader: reader?.description ?? (isTerminal ? "terminal" : global.json ? "json" : nil),
            isAttended: isTerminal
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

    // MARK: From a pipe

    private func pipe(
        _ configuration: ClientConfiguration,
        _ keystore: Keystore,
        _ unlocked: UnlockedIdentity
    ) async throws {
        let json = global.json
        let output: any ClientOutput =
            json
            ? JSONOutput { Report.write($0, to: STDOUT_FILENO) }
            : TextOutput(
                isColored: false,
                // A line that the client made: texts of others went through `Printable` there.
                messages: { Report.write(Array(($0 + "\n").utf8), to: STDOUT_FILENO) },
                notes: { Report.note($0) }
            )
        let watched = FailureWatch(output)
        let client = ChatClient(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            output: watched
        )
        do {
            try await feed(client, watched)
        } catch let error as any ReportableError where json {
            // A program reads one stream: what ended the session stands there too.
            let shown =
                error as? ChatError
                ?? ChatError(.configuration, error.message, hint: error.hint)
            output.show(.error(shown))
            output.show(.bye(reason: error.message))
            throw ExitCode(ExitStatus.failed)
        }
        guard !watched.hasFailed else { throw ExitCode(ExitStatus.failed) }
    }

    private func feed(_ client: ChatClient, _ output: any ClientOutput) async throws {
        let json = global.json
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await PipedInput().forEachLine { line in
                    do throws(ChatError) {
                        let input =
                            try json
                            ? ClientInput.parse(jsonLine: line) : ClientInput.parse(line: line)
                        if let input { await client.take(input) }
                    } catch {
                        output.show(.error(error))
                    }
                }
                await client.take(.end)
            }
            defer { tasks.cancelAll() }
            try await client.run()
        }
    }

    // MARK: On a terminal

    private func chat(
        _ configuration: ClientConfiguration,
        _ keystore: Keystore,
        _ unlocked: UnlockedIdentity
    ) async throws {
        let editor = LineEditor(prompt: "\(unlocked.record.name)> ")
        let output = TextOutput(
            isColored: unsafe getenv("NO_COLOR") == nil,
            messages: { editor.show($0) },
            notes: { editor.show($0) }
        )
        let client = ChatClient(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            output: output
        )
        output.show(.notice(text: "/help lists the commands", time: Timestamp.now.seconds * 1000))
        let (inputs, typed) = AsyncStream<ClientInput>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                await EditorThread.run {
                    editor.run { line in
                        do throws(ChatError) {
                            if let input = try ClientInput.parse(line: line) {
                                typed.yield(input)
                            } else if line.hasPrefix("/help") {
                                for help in ClientInput.help.split(separator: "\n") {
                                    editor.show(String(help))
                                }
                            }
                        } catch {
                            output.show(.error(error))
                        }
                    }
                    typed.yield(.leave)
                    typed.finish()
                }
            }
            tasks.addTask {
                for await input in inputs { await client.take(input) }
            }
            defer {
                editor.stop()
                typed.finish()
            }
            try await client.run()
        }
    }
}

/// Notes whether anything that was asked for was refused: a script is to hear of it.
private struct FailureWatch: ClientOutput {
    private let output: any ClientOutput
    private let failed = NIOLockedValueBox(false)

    init(_ output: any ClientOutput) { self.output = output }

    var hasFailed: Bool { failed.withLockedValue { $0 } }

    func show(_ event: ClientEvent) {
        if case .error(let error) = event {
            switch error.code {
            case .forbidden, .tooLong, .invalidMessage, .unknownCommand, .keyMismatch:
                failed.withLockedValue { $0 = true }
            default: break
            }
        }
        output.show(event)
    }
}

/// A thread that blocks on the terminal, so that no thread of the concurrency pool does.
private enum EditorThread {
    static func run(_ body: @escaping @Sendable () -> Void) async {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        try? await pool.runIfActive { body() }
        try? await pool.shutdownGracefully()
    }
}

extension ChatError {
    static func serverNotImported(_ name: KeyName) -> ChatError {
        ChatError(
            .configuration,
            "no server named \"\(name)\" is known here",
            hint: "ask its admin for the file \(name).pub, then: keyctl import \(name).pub"
        )
    }
}
