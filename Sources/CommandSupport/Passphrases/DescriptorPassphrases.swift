internal import CryptoCore
internal import DurableFiles

/// `--passphrase-fd`: an open descriptor, which is read up to its first line's end.
struct DescriptorPassphrases: PassphraseSourceKind {
    let id = "fd"
    let title = "first line of an open descriptor"

    func read(_ argument: String, prompt: String, limit: Int) throws -> SecretBytes {
        // The option's type is a number already.
        guard let descriptor = Int32(argument) else {
            throw CommandError.passphraseSource("\(argument) is not the number of a descriptor")
        }
        return try DurableFile.readSecretStart(
            descriptor: descriptor,
            name: "descriptor \(descriptor)",
            limit: limit,
            stoppingAtLineEnd: true
        )
    }
}
