public import AgeFiles
public import CryptoCore
public import DurableFiles

/// An encrypted file whose file key was found.
public struct OpenedFile: ~Copyable {
    private let reader: AgeReader
    private let fileKey: SecretBytes
    /// What the identity that opened it is called in messages.
    public let openedBy: String
    /// The recipient of that identity as a text for programs; its name where it has none.
    public let openedByText: String

    /// Opens a file with the first of several identities that can.
    ///
    /// `plugins` runs the plugins of identities that need one. Throws what `noMatch` gives where none
    /// can, and `AgeError` where the header was changed.
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

    /// Opens a file under a passphrase; throws `AgeError` where it is another one.
    public init(_ reader: AgeReader, passphrase: @escaping () throws -> Passphrase) throws {
        try self.init(reader, with: [AgeScrypt.Identity(passphrase)]) { AgeError.wrongPassphrase }
    }

    /// Decrypts the content; only once.
    ///
    /// Throws `AgeError` where it was changed or cut off: what was written until then is authentic.
    public func decrypt(to sink: any ByteSink) throws {
        try reader.decrypt(fileKey.bytes, to: sink)
    }
}
