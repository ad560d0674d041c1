import ArgumentParser
import ChatClient
import ChatProtocol
import CommandSupport
import Failures
import Glibc
import KeyFormats
import Keystore
import Registry

/// The command `securechat reset`.
struct ResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Start again with a server that shows another history.",
        discussion: """
            After a server was restored from a backup or moved, it cannot show the history that \
            you saw, and connect refuses it. A server that shows different people different \
            histories looks the same. Only its admin can tell you which of the two it is. Ask in \
            person before you run this command.

            The stored state of the chat is moved to a folder beside it, and not removed. The \
            next connect is a first login: the server can then leave out or repeat messages \
            unnoticed, and the members are listed again. Your keys and the keys that you imported \
            stay as they are.

            Examples:
              securechat reset --server server
              securechat reset --server server --yes
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "The server's name in your registry (default: server).",
            valueName: "name"
        ),
        transform: KeyName.argument
    )
    var server: KeyName?
    @Flag(help: "Do not ask.")
    var yes = false

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let server: String
        let keptIn: String?
    }

    func run() throws {
        let name = try server ?? KeyName("server")
        let keystore = try global.existingKeystore()
        guard let identity = keystore.registry.state.identity(name) else {
            throw ChatError.unknownServer(name)
        }
        if !yes { try confirm(name) }
        let folder = ChatFolder(home: keystore.home, chat: identity.id)
        let kept = try folder.setAside(at: .now)
        guard !global.json else {
            return try Report.json(Document(server: name.description, keptIn: kept))
        }
        guard let kept else {
            return Report.note("nothing was seen of \(name) yet, so there is nothing to set aside")
        }
        Report.result("what was seen of \(name) is kept in \(kept)")
    }

    private func confirm(_ name: KeyName) throws {
        guard isatty(STDIN_FILENO) == 1 else { throw ResetCommand.notConfirmed }
        Report.write(
            Array(
                ("Did the admin of \"\(name)\" tell you in person that its history is another one "
                    + "now? [y/N] ").utf8
            ),
            to: STDERR_FILENO
        )
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
            throw ResetCommand.notConfirmed
        }
    }

    private static let notConfirmed = ChatError(
        .configuration,
        "nothing was changed, because it was not confirmed",
        hint: "ask the server's admin first; then: securechat reset --yes"
    )
}
