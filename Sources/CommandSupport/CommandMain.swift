public import ArgumentParser
internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import Glibc

/// The main function of both programs.
public enum CommandMain {
    /// Parses the arguments, runs the command, prints its error, and exits with its status.
    ///
    /// A program that is started under another name, through a link, runs the command that
    /// `otherNames` has for that name. With `allowsExternal`, an unknown first word runs a trusted
    /// program `keyctl-WORD`.
    public static func run(
        _ root: any ParsableCommand.Type,
        otherNames: [String: [String]] = [:],
        allowsExternal: Bool = false
    ) -> Never {
        let mask = prepare()
        do {
            let arguments = CommandLine.arguments
            let name = arguments.first?.split(separator: "/").last.map(String.init) ?? ""
            let words = (otherNames[name] ?? []) + arguments.dropFirst()
            do { try CommandWords.require(words, in: root) } catch {
                if allowsExternal, !CommandWords.isKnown(words, in: root) {
                    try ExternalCommand.run(words, umask: mask)
                }
                throw error
            }
            var command = try root.parseAsRoot(words)
            try command.run()
        } catch {
            finish(error, root)
        }
        CommandPlugins.end()
        exit(0)
    }

    /// Does the same for a root command with asynchronous subcommands.
    public static func run(_ root: any AsyncParsableCommand.Type) async -> Never {
        prepare()
        do {
            try CommandWords.require(Array(CommandLine.arguments.dropFirst()), in: root)
            var command = try root.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error, root)
        }
        CommandPlugins.end()
        exit(0)
    }

    /// Returns the mask of the modes of files that was set before.
    @discardableResult
    private static func prepare() -> mode_t {
        fillStandardDescriptors()
        ProcessHardening.apply()
        _ = signal(SIGPIPE, SIG_IGN)
        // A parent may have it ignored. Then the statuses of other programs would be lost.
        _ = signal(SIGCHLD, SIG_DFL)
        return umask(0o077)
    }

    /// Opens `/dev/null` for each standard descriptor that was closed when the program started.
    ///
    /// Otherwise the next opened file would get its number, and output would be written into that
    /// file.
    private static func fillStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // `open` returns the lowest free number, which is the missing one.
            guard unsafe open("/dev/null", O_RDWR) == descriptor else { exit(ExitStatus.failed) }
        }
    }

    private static func finish(_ error: any Error, _ root: any ParsableCommand.Type) -> Never {
        CommandPlugins.end()
        guard error is any ReportableError else {
            // The parser's own results: help, version and usage errors.
            guard root.exitCode(for: error) == .validationFailure else {
                root.exit(withError: error)
            }
            Report.error(ParserMessage.error(root.fullMessage(for: error)))
            exit(ExitStatus.misused)
        }
        if (error as? FileError)?.code == .brokenPipe { Report.endByBrokenPipe() }
        Report.error(PassphraseSource.explained(error))
        exit(ExitStatus.of(error))
    }
}
