/// The name of an identity: `[a-z0-9][a-z0-9._-]{0,31}`.
///
/// Each name has one spelling.
///
/// A name has no path separator, no leading dot and no leading dash. So it is safe as a component
/// of a path and as an argument.
public struct KeyName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The largest length, in characters.
    public static let largestCharacterCount = 32

    /// The name as text.
    public let description: String

    /// Checks `text`; throws `KeyFormatError` if it breaks the rules.
    public init(_ text: some StringProtocol) throws(KeyFormatError) {
        let characters = Array(text.utf8)
        guard (1...KeyName.largestCharacterCount).contains(characters.count),
            KeyName.isAlphanumeric(characters[0]),
            characters.allSatisfy({ KeyName.isAlphanumeric($0) || "._-".utf8.contains($0) })
        else { throw KeyFormatError.invalidName(String(text)) }
        description = String(text)
    }

    /// Takes the name from the name of a key file: `server.pub`, `key_alice.pem` → `alice`.
    ///
    /// Throws `KeyFormatError` if the rest is not a name.
    public init(fileName: some StringProtocol) throws(KeyFormatError) {
        var stem = fileName.lowercased()
        for suffix in [
            ".pub", ".pem", ".der", ".crt", ".cer", ".key", ".jwk", ".p8", ".p12", ".csr",
        ] where stem.hasSuffix(suffix) {
            stem.removeLast(suffix.count)
            break
        }
        if stem.hasPrefix("key_") { stem.removeFirst(4) }
        try self.init(stem)
    }

    /// Orders names by their text.
    public static func < (left: KeyName, right: KeyName) -> Bool {
        left.description < right.description
    }

    private static func isAlphanumeric(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}
