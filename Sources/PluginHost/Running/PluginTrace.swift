internal import CryptoCore
internal import Stanzas

/// The conversation as lines for people; secret bodies are replaced by their length.
struct PluginTrace {
    /// The largest body that is shown, in bytes.
    private static let shownByteCount = 192
    private static let secretTypes: Set = ["secret", "private-key"]

    let sink: (@Sendable (String) -> Void)?

    func sent(_ stanza: Stanza, isSecret: Bool) { show(">", stanza, isSecret: isSecret) }

    func received(_ stanza: Stanza, isSecret: Bool) {
        show("<", stanza, isSecret: isSecret || PluginTrace.secretTypes.contains(stanza.type))
    }

    private func show(_ direction: String, _ stanza: Stanza, isSecret: Bool) {
        guard let sink else { return }
        sink("\(direction) \(stanza.line)")
        let count = stanza.body.count
        if count == 0 {
            sink(direction)
        } else if isSecret {
            sink("\(direction) (secret, \(count) bytes)")
        } else if count > PluginTrace.shownByteCount {
            sink("\(direction) (\(count) bytes)")
        } else {
            let text = Array(Base64.encode(stanza.body.publicBytes, padded: false).utf8)
            for start in stride(from: 0, to: text.count, by: Stanza.lineCharacterCount) {
                let end = min(start + Stanza.lineCharacterCount, text.count)
                sink("\(direction) " + String(decoding: text[start..<end], as: UTF8.self))
            }
        }
    }
}
