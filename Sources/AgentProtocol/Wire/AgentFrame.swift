internal import CryptoCore
internal import KeyFormats

/// Writes messages: a length of four bytes, a type, fields.
enum AgentFrame {
    /// A message without secrets.
    static func message(_ type: UInt8, _ fields: [UInt8] = []) -> [UInt8] {
        SSHWire.string([type] + fields)
    }

    /// The same, where secrets may be among messages.
    static func secret(_ type: UInt8, _ fields: [UInt8] = []) -> SecretBytes {
        SecretBytes(copying: message(type, fields).borrowedBytes)
    }

    /// A message whose last field is a secret string.
    static func secret(_ type: UInt8, _ fields: [UInt8], secret: RawSpan) -> SecretBytes {
        let head =
            SSHWire.number(1 + fields.count + 4 + secret.byteCount) + [type] + fields
            + SSHWire.number(secret.byteCount)
        return SecretBytes(count: head.count + secret.byteCount) { view in
            view.copy(head.borrowedBytes, to: 0)
            view.copy(secret, to: head.count)
        }
    }

    /// Text as a string.
    static func text(_ text: some StringProtocol) -> [UInt8] { SSHWire.string(Array(text.utf8)) }

    /// Whether text can be shown to a person, and is not too long.
    static func isPlain(_ text: String, limit: Int) -> Bool {
        text.utf8.count <= limit
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }
}

extension SSHReader {
    /// Reads a string that is text; `nil` if it is too long, has control characters or is not UTF-8.
    mutating func text(limit: Int) -> String? {
        guard let bytes = bytes(), bytes.count <= limit,
            let text = String(validating: bytes, as: UTF8.self),
            AgentFrame.isPlain(text, limit: limit)
        else { return nil }
        return text
    }
}
