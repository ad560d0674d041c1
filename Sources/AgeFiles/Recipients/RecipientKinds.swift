internal import CryptoCore
internal import KeyFormats

/// The table of recipient kinds.
public enum RecipientKinds {
    /// All recipient kinds.
    public static let all: [any RecipientKind] = [
        AgeSSHRSA(), AgeX25519(), AgeHybrid(), AgeScrypt(), AgePlugin(),
    ]

    private static let recipientPrefixes = all.compactMap(\.recipientPrefix).map { Array($0.utf8) }
    private static let identityPrefixes = all.compactMap(\.identityPrefix).map { Array($0.utf8) }

    /// Returns the kind of stanzas of this type; `nil` for an unknown type.
    public static func kind(ofType type: String) -> (any RecipientKind)? {
        all.first { $0.stanzaType == type }
    }

    /// Returns the kind of a recipient's text, by its first characters; `nil` for other texts.
    public static func kind(ofRecipient text: String) -> (any RecipientKind)? {
        var found: (count: Int, kind: any RecipientKind)?
        for kind in all {
            guard let count = kind.prefixCount(ofRecipient: text) else { continue }
            // `age1pq1…` begins as `age1…` does, too, and could be a plugin's: of two kinds with
            // the same prefix, the first one of the table has it.
            if count > found?.count ?? 0 { found = (count, kind) }
        }
        return found?.kind
    }

    /// Returns whether a text begins like a recipient.
    static func beginsRecipient(_ text: RawSpan) -> Bool {
        recipientPrefixes.contains { text.starts(with: $0) }
    }

    /// Returns whether a text begins like an identity.
    public static func beginsIdentity(_ text: RawSpan) -> Bool {
        identityPrefixes.contains { text.starts(with: $0) }
    }

    /// Reads the text of an identity of any kind; returns `nil` for other texts.
    public static func identity(_ text: RawSpan) -> (any AgeIdentity)? {
        for kind in all {
            if let identity = kind.identity(text) { return identity }
        }
        return nil
    }

    /// Returns the recipient of a stanza, for messages.
    public static func name(of stanza: AgeStanza) -> String {
        kind(ofType: stanza.type)?.stanzaName ?? name(ofType: stanza.type)
    }

    static func name(ofType type: String) -> String { "somebody with a key of type \(type)" }
}
