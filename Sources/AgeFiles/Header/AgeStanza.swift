internal import CryptoCore

/// The file key, wrapped for one recipient: a line `-> type arguments`, then a body in base64 (age
/// v1 § header).
public struct AgeStanza: Sendable, Hashable {
    /// The type, which names the recipient kind.
    public let type: String
    /// The arguments; their meaning depends on the type.
    public let arguments: [String]
    /// The body, with the wrapped file key.
    public let body: [UInt8]

    /// The number of characters in a full line of the body.
    static let lineCharacterCount = 64

    /// Makes a stanza.
    public init(type: String, arguments: [String], body: [UInt8]) {
        // Another character would write a second line, under a valid MAC.
        precondition(
            ([type] + arguments).allSatisfy { word in
                !word.isEmpty && word.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            },
            "a stanza's type and arguments have one or more visible characters of ASCII"
        )
        self.type = type
        self.arguments = arguments
        self.body = body
    }

    /// The stanza as text; the last line of its body is shorter than 64 characters, and may be
    /// empty.
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
