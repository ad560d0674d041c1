/// The name of an identity: `[a-z0-9][a-z0-9._-]{0,31}`, one spelling for each name.
///
/// The rules leave no room for a path separator, a leading dot or a leading dash, so a name is
/// also safe as one component of a path and as an argument.
public struct KeyName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Most characters a name has.
    public static let largestCharacterCount = 32

    /// The name as text.
    public let description: String

    /// Takes `text` as a name; throws `KeyFormatError` where it breaks the rules.
    public init(_ text: some StringProtocol) throws(KeyFormatError) {
        let characters = Array(text.utf8)
        guard (1...KeyName.largestCharacterCount).contains(characters.count),
            KeyName.isAlphanumeric(characters[0]),
            characters.allSatisfy({ KeyName.isAlphanumeric($0) || "._-".utf8.contains($0) })
        else { throw KeyFormatError.invalidName(String(text)) }
        description = String(text)
    }

    /// The name that a key file's name stands for: `server.pub`, `key_alice.pem` → `alice`.
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

    /// Compares in the order of their text or time.
    public static func < (left: KeyName, right: KeyName) -> Bool {
        left.description < right.description
    }

    private static func isAlphanumeric(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}
