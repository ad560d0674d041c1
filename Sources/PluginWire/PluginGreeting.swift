public import Stanzas

/// What a plugin says of itself first.
public struct PluginGreeting: Sendable, Hashable {
    static let type = "hello"
    private static let largestVersionCharacterCount = 32

    /// The plugin's own version.
    public let software: String
    /// What the plugin adds.
    public let offers: [Offer]

    /// Makes a greeting; the version has 1 to 32 visible characters.
    public init(software: String, offers: [Offer]) {
        self.software = software
        self.offers = offers
    }

    /// The plugin's frames.
    public var stanzas: [Stanza] {
        [Stanza(PluginGreeting.type, [String(PluginLimits.version), software])]
            + offers.map(\.stanza) + [Stanza("ok")]
    }

    static func isSoftware(_ text: String) -> Bool {
        Stanza.isArgument(text) && text.utf8.count <= largestVersionCharacterCount
    }
}
