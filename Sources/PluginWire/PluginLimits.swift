public import Stanzas

/// The numbers of the protocol (docs/plugin-protocol.md § Frames).
public enum PluginLimits {
    /// The version of the protocol.
    public static let version = 1
    /// The bounds of one frame.
    public static let frame = StanzaLimits(
        lineByteCount: 8_192,
        argumentCount: 32,
        bodyByteCount: 16 << 20
    )
    /// The largest number of frames from a plugin in one request.
    public static let frameCount = 10_000
    /// The largest number of bytes from a plugin in one request.
    public static let byteCount = 64 << 20
    /// The largest number of offers of a plugin.
    public static let offerCount = 64
    /// The largest text of a question, in bytes.
    public static let textByteCount = 4_096
    /// The largest label, comment or place, in bytes.
    public static let labelByteCount = 1_024
    /// The largest title of an offer, in characters.
    public static let titleCharacterCount = 80
    /// The largest text of an error that is shown, in characters.
    public static let errorCharacterCount = 1_000
    /// The largest reference of a key, in bytes.
    public static let referenceByteCount = 4 << 10
    /// The largest number of keys in a list of a provider.
    public static let listedKeyCount = 1_000
    /// The largest number of keys in a file of a key format.
    public static let keyCount = 100
    /// The largest number of files of an exporter.
    public static let fileCount = 1_000
    /// The largest passphrase, in bytes.
    public static let secretByteCount = 1_024
    /// The largest bytes to sign in a signature format.
    public static let signedByteCount = 64 << 10
    /// The largest public key as SubjectPublicKeyInfo, in bytes.
    public static let publicKeyByteCount = 8 << 10
}
