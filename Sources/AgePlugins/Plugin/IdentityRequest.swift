public import AgeFiles
internal import CryptoCore

/// What a plugin is sent in phase 1 of `identity-v1`: identities, and the stanzas of files.
public struct IdentityRequest: Sendable {
    private static let largestIdentityCount = 1_000

    /// A file: its number, and its stanzas in their order.
    public struct File: Sendable {
        /// The number that answers name it by.
        public let index: Int
        /// The stanzas.
        public internal(set) var stanzas: [AgeStanza]
    }

    /// The identities in their order; `nil` for a text that is none.
    public private(set) var identities: [AgePlugin.Identity?] = []
    /// The files in their order.
    public private(set) var files: [File] = []

    /// Begins with nothing.
    public init() {}

    /// Takes a message; `false` after the last one.
    ///
    /// Messages of other types are skipped. Throws `AgePluginError` where it breaks the protocol.
    public mutating func receive(_ frame: borrowing PluginFrame) throws(AgePluginError) -> Bool {
        switch frame.type {
        case "done": return false
        case "add-identity":
            guard frame.arguments.count == 1 else { throw AgePluginError.malformed(frame.type) }
            guard identities.count < IdentityRequest.largestIdentityCount else {
                throw AgePluginError.tooMany
            }
            identities.append(AgePlugin.Identity(Array(frame.arguments[0].utf8).borrowedBytes))
        case "recipient-stanza":
            guard frame.arguments.count >= 2, let index = PluginIndex.parse(frame.arguments[0])
            else { throw AgePluginError.malformed(frame.type) }
            let last = files.last?.index ?? index
            // The numbers never go back.
            guard index >= last else { throw AgePluginError.wrongIndex(frame.type) }
            if files.isEmpty || index > last { files.append(File(index: index, stanzas: [])) }
            // Each stanza may cost an RSA operation.
            guard files[files.count - 1].stanzas.count < AgeHeader.largestStanzaCount else {
                throw AgePluginError.tooMany
            }
            files[files.count - 1].stanzas.append(
                AgeStanza(
                    type: frame.arguments[1],
                    arguments: Array(frame.arguments.dropFirst(2)),
                    body: frame.body.publicBytes
                )
            )
        default: break
        }
        return true
    }
}
