internal import CryptoCore
internal import Glibc

/// `--passphrase-env`: a variable of the environment.
struct EnvironmentPassphrases: PassphraseSourceKind {
    let id = "env"
    let title = "variable of the environment"

    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes {
        guard let value = unsafe getenv(argument) else {
            throw CommandError.passphraseSource("the environment variable \(argument) is not set")
        }
        // SAFETY: the value ends with a zero byte, and is copied before the environment changes.
        let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
        let span = unsafe RawSpan(_unsafeBytes: bytes)
        return SecretBytes(copying: span)
    }
}
