/// The armor of the age format: strict PEM (RFC 7468) around the binary file.
enum AgeArmor {
    static let begin = "-----BEGIN AGE ENCRYPTED FILE-----"
    static let end = "-----END AGE ENCRYPTED FILE-----"
    static let lineCharacterCount = 64
    static let lineByteCount = 48
    /// The most white space before the armor, in bytes, and after it.
    static let largestLeadingSpaceByteCount = 1024

    static func begins(_ bytes: [UInt8]) -> Bool {
        bytes.drop(while: isSpace).starts(with: begin.utf8)
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }
}
