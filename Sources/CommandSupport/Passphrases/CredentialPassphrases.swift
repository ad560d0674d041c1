internal import CryptoCore
internal import DurableFiles
internal import Glibc

/// `--passphrase-credential`: a credential that systemd gave to the service (systemd.exec(5),
/// LoadCredential=).
struct CredentialPassphrases: PassphraseSourceKind {
    let id = "credential"
    let title = "credential of a systemd service"
    let canBeReadAgain = true

    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes {
        guard !argument.isEmpty, !argument.contains("/"), ![".", ".."].contains(argument) else {
            throw CommandError.usage("\"\(argument)\" is not the name of a credential")
        }
        let folder = unsafe getenv("CREDENTIALS_DIRECTORY").map { unsafe String(cString: $0) }
        guard let folder, folder.hasPrefix("/") else {
            throw CommandError.passphraseSource(
                "this process has no credentials of systemd",
                hint: "add to the unit: LoadCredential=\(argument):/path/of/the/file"
            )
        }
        return try InputFile("\(folder)/\(argument)").readSecretStart(limit: limit)
    }
}
