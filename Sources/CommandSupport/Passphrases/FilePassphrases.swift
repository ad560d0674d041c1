internal import CryptoCore
internal import DurableFiles

/// `--passphrase-file`: a file, which is read when the passphrase is needed.
struct FilePassphrases: PassphraseSourceKind {
    let id = "file"
    let title = "first line of a file"
    let canBeReadAgain = true

    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes {
        try InputFile(argument).readSecretStart(limit: limit)
    }
}
