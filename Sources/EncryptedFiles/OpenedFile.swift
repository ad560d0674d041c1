public import AgeFiles
public import CryptoCore
public import DurableFiles

/// An encrypted file whose file key is known.
public struct OpenedFile: ~Copyable {
    private let reader: AgeReader
    private let fileKey: SecretBytes
    /// The name, in messages, of the identity that opened the file.
    public let openedBy: String
    /// The recipient of that identity, for programs; without a text form, its name.
    public let openedByText: String

    /// Opens a file with the first identity that can open it.
    ///
    /// `plugins` runs the plugins of identities that need one. Throws what `noMatch` gives where
    /// none can, and `AgeError` where the header was changed.
    public init(
        _ reader: AgeReader,
        with identities: [any AgeIdentity],
        plugins: (any AgePluginRunner)? = nil,
        noMatch: () throws -> AgeError
    ) throws {
        guard let opening = try reader.open(identities, plugins: plugins) else {
            throw try noMatch()
        }
        self.reader = reader
        fileKey = opening.fileKey.copy()
        let identity = identities[opening.identityIndex]
        openedBy = identity.name
        openedByText = identity.recipientText ?? identity.name
    }

    /// Opens a file with a passphrase; throws `AgeError` if the passphrase is wrong.
    public init(_ reader: AgeReader, passphrase: @escaping () throws -> Passphrase) throws {
        try self.init(reader, with: [AgeScrypt.Identity(passphrase)]) { AgeError.wrongPassphrase }
    }

    /// Decrypts the content; call it only once.
    ///
    /// Throws `AgeError` if the content was changed or cut off. The bytes that were already written
    /// are authentic.
    public func decrypt(to sink: any ByteSink) throws {
        try reader.decrypt(fileKey.bytes, to: sink)
    }
}
