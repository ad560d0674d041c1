public import ArgumentParser
internal import CryptoCore
internal import Glibc

/// The main function of both programs.
public enum CommandMain {
    /// Parses the arguments, runs the command, prints its error, and exits with its status.
    public static func run(_ root: any ParsableCommand.Type) -> Never {
        prepare()
        do {
            try CommandWords.require(Array(CommandLine.arguments.dropFirst()), in: root)
            var command = try root.parseAsRoot()
            try command.run()
        } catch {
            finish(error, root)
        }
        exit(0)
    }

    /// The same for a root with asynchronous commands.
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
        exit(0)
    }

    private static func prepare() {
        ProcessHardening.apply()
        _ = signal(SIGPIPE, SIG_IGN)
        umask(0o077)
    }

    private static func finish(_ error: any Error, _ root: any ParsableCommand.Type) -> Never {
        // The parser's own: help, version, usage errors.
        guard error is any ReportableError else {
            let status = root.exitCode(for: error)
            if CommandLine.arguments.contains("--json"), status == .validationFailure {
                Report.misuse(root.message(for: error))
                exit(status.rawValue)
            }
            root.exit(withError: error)
        }
        Report.error(error)
        exit(ExitStatus.of(error))
    }
}
