internal import CryptoCore
internal import KeyFormats
internal import Stanzas

/// What a failing plugin wrote to its standard error, made safe to show.
struct PluginErrorText {
    private static let largestCharacterCount = 400
    /// A shorter secret would hide ordinary words.
    private static let smallestSecretByteCount = 4

    /// The secrets of the conversation.
    private(set) var secrets: [StanzaBody] = []

    mutating func learn(_ secret: StanzaBody) {
        guard secret.count >= PluginErrorText.smallestSecretByteCount else { return }
        secrets.append(secret)
    }

    /// The text without secrets and control characters; `nil` if there is none.
    func text(_ bytes: [UInt8]) -> String? {
        var bytes = bytes
        for secret in secrets { secret.withBytes { PluginErrorText.hide($0, in: &bytes) } }
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .map { Printable.text($0) }
        let text = lines.joined(separator: " | ").prefix(PluginErrorText.largestCharacterCount)
        return text.isEmpty ? nil : String(text)
    }

    private static func hide(_ secret: RawSpan, in bytes: inout [UInt8]) {
        guard bytes.count >= secret.byteCount else { return }
        var start = 0
        while start <= bytes.count - secret.byteCount {
            var isSame = true
            for index in 0..<secret.byteCount
            where isSame && bytes[start + index] != secret.byte(at: index) { isSame = false }
            if isSame {
                for index in 0..<secret.byteCount { bytes[start + index] = UInt8(ascii: "*") }
            }
            start += 1
        }
    }
}
