/// The name of a plugin: `yubikey` for the program `age-plugin-yubikey` (C2SP age-plugin §
/// mapping).
///
/// It has 1 to 128 ASCII letters, digits and `-`, `_`, `.`, `+`, so it never holds a path
/// separator. Upper and lower case are the same; it is kept in lower case.
public struct AgePluginName: Hashable, Sendable, CustomStringConvertible {
    /// Longest name; a file's name has at most 255 bytes.
    public static let largestCharacterCount = 128
    private static let programPrefix = "age-plugin-"

    /// The name in lower case.
    public let description: String

    /// Takes a name in either case; throws `AgeError` where it is none.
    public init(_ text: some StringProtocol) throws(AgeError) {
        guard (1...AgePluginName.largestCharacterCount).contains(text.utf8.count),
            text.utf8.allSatisfy(AgePluginName.isAllowed)
        else { throw AgeError.badPluginName(String(text)) }
        description = text.lowercased()
    }

    /// The name of its program.
    public var program: String { AgePluginName.programPrefix + description }

    private static func isAllowed(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_.+".utf8.contains(character)
        }
    }
}
