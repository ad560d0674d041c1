public import AgeFiles
public import CryptoCore

/// The host's side of a conversation: messages of the plugin in, actions out.
public protocol HostConversation: ~Copyable {
    /// The state machine, as the plugin's argument names it.
    static var machine: String { get }
    /// The plugin.
    var plugin: AgePluginName { get }
    /// The first error that the plugin has reported. The conversation goes no further then.
    var reported: AgePluginError? { get }
    /// Everything that the host sends before the plugin says anything (phase 1).
    func opening(_ grease: PluginGrease) -> SecretBytes
    /// Takes a message of the plugin (phase 2); throws `AgePluginError` where it breaks the
    /// protocol.
    mutating func receive(
        _ frame: borrowing PluginFrame
    ) throws(AgePluginError)
        -> PluginHostAction
}

extension HostConversation where Self: ~Copyable {
    /// What both state machines have alike: questions to the user, and commands of later versions.
    func shared(_ frame: borrowing PluginFrame) throws(AgePluginError) -> PluginHostAction {
        let text = frame.text
        switch frame.type {
        case "msg": return .ask(.message(text))
        case "request-public": return .ask(.publicText(text))
        case "request-secret": return .ask(.secret(text))
        case "confirm":
            let words = frame.arguments.map { word in
                Base64.decode(word, padded: false).map { String(decoding: $0, as: UTF8.self) }
            }
            guard (1...2).contains(words.count), let yes = words[0] else {
                throw AgePluginError.malformed("confirm")
            }
            guard words.count == 2 else { return .ask(.confirmation(text, yes: yes, no: nil)) }
            guard let no = words[1] else { throw AgePluginError.malformed("confirm") }
            return .ask(.confirmation(text, yes: yes, no: no))
        default: return .answer(.unsupported)
        }
    }
}

/// Numbers as the protocol writes them: decimal, without signs and leading zeros.
enum PluginIndex {
    static func parse(_ text: String) -> Int? {
        guard let number = Int(text), number >= 0, "\(number)" == text else { return nil }
        return number
    }
}
