internal import CryptoCore

/// One wrapped copy of a file key: a line `-> type arguments`, then a base64 body (age v1 § header).
public struct AgeStanza: Sendable, Hashable {
    /// How the key is wrapped.
    public let type: String
    /// What the type needs to know.
    public let arguments: [String]
    /// The wrapped key.
    public let body: [UInt8]

    /// Characters of a body's full line.
    static let lineCharacterCount = 64

    /// Makes a stanza.
    public init(type: String, arguments: [String], body: [UInt8]) {
        self.type = type
        self.arguments = arguments
        self.body = body
    }

    /// The stanza as text; its last line is shorter than 64 characters, perhaps empty.
    var encoded: [UInt8] {
        var text = "-> " + ([type] + arguments).joined(separator: " ") + "\n"
        let characters = Array(Base64.encode(body, padded: false).utf8)
        for start in stride(from: 0, through: characters.count, by: AgeStanza.lineCharacterCount) {
            let end = min(start + AgeStanza.lineCharacterCount, characters.count)
            text += String(decoding: characters[start..<end], as: UTF8.self) + "\n"
        }
        return Array(text.utf8)
    }
}
