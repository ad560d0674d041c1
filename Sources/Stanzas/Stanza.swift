public import CryptoCore

/// A line `-> type arguments`, and a body in base64: the unit of the age format's headers, of age's
/// plugin protocol, and of keyctl's plugin protocol.
public struct Stanza: Sendable {
    /// The number of characters of a body's full line.
    public static let lineCharacterCount = 64
    static let mark = "->"

    /// What the stanza says, for example `ok`.
    public let type: String
    /// What the type needs to know.
    public let arguments: [String]
    /// The bytes.
    public let body: StanzaBody

    /// Makes a stanza.
    ///
    /// The type and each argument have one or more visible characters of ASCII.
    public init(_ type: String, _ arguments: [String] = [], body: StanzaBody = .empty) {
        precondition(([type] + arguments).allSatisfy(Stanza.isArgument), "not an argument")
        self.type = type
        self.arguments = arguments
        self.body = body
    }

    /// Returns whether a text can be a type or an argument.
    public static func isArgument(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The first line, without its line feed.
    public var line: String { ([Stanza.mark, type] + arguments).joined(separator: " ") }

    /// Returns the stanza as it is sent, in cleansed memory.
    public func encoded() -> SecretBytes {
        let head = Array((line + "\n").utf8)
        let body = body.withBytes { Stanza.encodedBody($0) }
        return SecretBytes(count: head.count + body.count) { view in
            view.copy(head.borrowedBytes, to: 0)
            view.copy(body.bytes, to: head.count)
        }
    }

    /// Returns the lines of a body, in cleansed memory; the last line is shorter than 64 characters,
    /// perhaps empty.
    public static func encodedBody(_ bytes: RawSpan) -> SecretBytes {
        let lineFeed = UInt8(ascii: "\n")
        let characterCount = StanzaBase64.characterCount(of: bytes.byteCount)
        let lineCount = characterCount / lineCharacterCount + 1
        return SecretBytes(count: characterCount + lineCount) { view in
            var position = 0
            for index in 0..<characterCount {
                let character = StanzaBase64.character(index, of: bytes)
                view.storeBytes(of: character, toByteOffset: position, as: UInt8.self)
                position += 1
                if (index + 1) % lineCharacterCount == 0 {
                    view.storeBytes(of: lineFeed, toByteOffset: position, as: UInt8.self)
                    position += 1
                }
            }
            view.storeBytes(of: lineFeed, toByteOffset: position, as: UInt8.self)
        }
    }
}
