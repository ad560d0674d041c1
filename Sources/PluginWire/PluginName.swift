/// The name of a plugin: 1 to 32 characters of `a` to `z`, `0` to `9` and `-`, no `-` at its ends.
public struct PluginName: Sendable, Hashable, CustomStringConvertible {
    private static let largestCharacterCount = 32
    private static let characters = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

    /// The name.
    public let description: String

    /// Takes a name; `nil` if it is none.
    public init?(_ text: some StringProtocol) {
        guard PluginName.isName(text, limit: PluginName.largestCharacterCount) else { return nil }
        description = String(text)
    }

    static func isName(_ text: some StringProtocol, limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count)
            && text.utf8.allSatisfy { characters.contains($0) }
            && !text.hasPrefix("-") && !text.hasSuffix("-")
    }
}

/// The id of one thing that a plugin offers: the plugin's name, or the name, `-` and more.
public struct OfferID: Sendable, Hashable, CustomStringConvertible {
    private static let largestCharacterCount = 64

    /// The id.
    public let description: String

    /// Takes an id; `nil` if it follows no rule for ids.
    public init?(_ text: some StringProtocol) {
        guard PluginName.isName(text, limit: OfferID.largestCharacterCount) else { return nil }
        description = String(text)
    }

    /// The id that is the plugin's name.
    public init(_ name: PluginName) { description = name.description }

    /// Returns whether a plugin of this name may offer the id.
    public func belongs(to name: PluginName) -> Bool {
        description == name.description || description.hasPrefix("\(name)-")
    }
}
