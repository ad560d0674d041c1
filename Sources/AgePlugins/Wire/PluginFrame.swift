public import CryptoCore

/// A message of the protocol: a stanza as in a file's header (C2SP age-plugin § IPC protocol).
///
/// Its body may be secret: a file key, or a passphrase.
public struct PluginFrame: ~Copyable, Sendable {
    /// What it is, for example `done`.
    public let type: String
    /// What the type needs to know.
    public let arguments: [String]
    /// The data, perhaps empty.
    public let body: SecretBytes

    /// Makes a message; type and arguments are visible ASCII without spaces.
    public init(_ type: String, _ arguments: [String] = [], body: consuming SecretBytes) {
        self.type = type
        self.arguments = arguments
        self.body = body
    }

    /// Makes a message with a text, or with nothing.
    public init(_ type: String, _ arguments: [String] = [], text: String = "") {
        self.init(type, arguments, body: SecretBytes(copying: Array(text.utf8).borrowedBytes))
    }

    /// The body as text; what is no UTF-8 is replaced.
    public var text: String { String(decoding: body.publicBytes, as: UTF8.self) }
}
