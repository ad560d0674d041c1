internal import CryptoCore
internal import DurableFiles
internal import Glibc

/// `--passphrase-command`: the output of a command of the shell.
struct CommandPassphrases: PassphraseSourceKind {
    let id = "command"
    let title = "first line that a command prints"

    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes {
        guard let stream = unsafe CommandPassphrases.start(argument) else {
            throw CommandError.passphraseSource("the passphrase command could not be started")
        }
        let output: SecretBytes
        do {
            // The output is read to its end, so that a command that fails after its first line is
            // noticed.
            output = try DurableFile.readSecretStart(
                descriptor: unsafe fileno(stream),
                name: "the passphrase command",
                limit: limit
            )
        } catch {
            unsafe pclose(stream)
            throw error
        }
        // A command that writes more is ended by SIGPIPE. That is not a failure.
        let isCut = output.count == limit
        guard unsafe pclose(stream) == 0 || isCut else {
            throw CommandError.passphraseSource("the passphrase command failed")
        }
        return output
    }

    /// Starts a command in which SIGPIPE has its default action; `pclose` ends it.
    ///
    /// The program ignores SIGPIPE, and a child would inherit that. A child does not inherit a
    /// handler.
    private static func start(_ command: String) -> UnsafeMutablePointer<FILE>? {
        let before = signal(SIGPIPE) { _ in }
        defer { _ = signal(SIGPIPE, before) }
        return unsafe popen(command, "re")
    }
}
