public import AgeFiles
internal import CryptoCore
internal import Failures
internal import KeyFormats

/// Reads a file of `-i`: age identities, age identities encrypted with a passphrase, or a private
/// RSA key of any format.
public enum IdentityFile {
    /// The largest file that is read, in bytes: 16 MiB, encrypted or not.
    public static let largestByteCount = AgeIdentityFile.largestByteCount

    /// Returns the identities in a file's bytes.
    ///
    /// `path` is its name in messages, `-` for standard input. Throws `AgeError` or `KeyFileError`
    /// if the file holds none.
    public static func read(
        _ text: RawSpan,
        from path: String,
        user: any UserDialogue
    ) throws -> [any AgeIdentity] {
        guard AgeReader.begins(text) else { return try identities(text, path, user) }
        let reader = try AgeReader(MemorySource(text))
        let plain = try decrypt(reader, path, user)
        return try identities(plain.bytes, path, user)
    }

    private static func decrypt(
        _ reader: AgeReader,
        _ path: String,
        _ user: any UserDialogue
    ) throws -> SecretBytes {
        let passphrase = AgeScrypt.Identity {
            try user.passphrase(prompt: "Passphrase of \(path)")
        }
        guard let opening = try reader.open([passphrase]) else {
            throw AgeError.key(
                "\(path) is encrypted, and the passphrase does not open it",
                hint: "try again, or decrypt it first: keyctl decrypt -o PLAIN \(path)"
            )
        }
        let sink = MemorySink(limit: largestByteCount)
        try reader.decrypt(opening.fileKey.bytes, to: sink)
        return sink.content()
    }

    private static func identities(
        _ text: RawSpan,
        _ path: String,
        _ user: any UserDialogue
    ) throws -> [any AgeIdentity] {
        // A comment of an identity file may contain the text of another key, so identities are
        // looked for first.
        if AgeIdentityFile.hasIdentity(text) {
            return try AgeIdentityFile.identities(in: text, name: path)
        }
        if let file = try keyFile(text, path) {
            // Only private keys open files, so certificates in the file are ignored.
            let privateKeys = file.entries.filter(\.isPrivate)
            return try (privateKeys.isEmpty ? file.entries : privateKeys).map { entry in
                switch entry.material {
                case .privateKey(let key): return try AgeSSHRSA.Identity(key, name: path)
                case .lockedPrivateKey(let locked):
                    return LockedIdentity(locked, name: path, user: user)
                case .publicKey, .otherKind:
                    throw AgeError.key(
                        "\(path) holds no private RSA key",
                        hint: "give -i the private key file, not the .pub file"
                    )
                }
            }
        }
        return try AgeIdentityFile.identities(in: text, name: path)
    }

    /// Reads a key file; returns `nil` if the bytes are in no key format.
    private static func keyFile(_ text: RawSpan, _ path: String) throws -> KeyFile? {
        do { return try KeyFormats.decode(text, from: path) } catch let error as LocatedFailure
            where error.isUnrecognizedFile
        {
            return nil
        }
    }
}
