/// What a plugin without recipients is sent in phase 1 of `recipient-v1`: how many recipients and
/// identities it is to refuse.
public struct RecipientRequest: Sendable {
    /// How many recipients.
    public private(set) var recipientCount = 0
    /// How many identities.
    public private(set) var identityCount = 0

    /// Begins with nothing.
    public init() {}

    /// Takes a message; `false` after the last one.
    ///
    /// Messages of other types are skipped.
    public mutating func receive(_ frame: borrowing PluginFrame) -> Bool {
        switch frame.type {
        case "done": return false
        case "add-recipient": recipientCount += 1
        case "add-identity": identityCount += 1
        default: break
        }
        return true
    }
}
