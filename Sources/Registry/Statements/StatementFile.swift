internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// A file of one identity's own statements, one a line, after the line `keyctl-statements v1`.
///
/// `keyctl rotate --out` writes one for other people.
public enum StatementFile {
    private static let heading = FileHeading("keyctl-statements", version: 1)
    /// The largest file that is read, in bytes.
    public static let largestByteCount = 4 << 20

    /// Returns whether bytes begin like such a file.
    public static func begins(_ bytes: RawSpan) -> Bool {
        bytes.starts(with: heading.beginning)
    }

    /// Returns the bytes of the file.
    public static func encode(_ chain: [Statement]) -> [UInt8] {
        var text = Array("\(heading)\n".utf8)
        for statement in chain { text += statement.line + [UInt8(ascii: "\n")] }
        return text
    }

    /// Parses a file; returns `nil` if the bytes are not such a file.
    ///
    /// Throws `RegistryError` if the file is incomplete, or if a line is not a valid statement.
    public static func decode(_ bytes: [UInt8]) throws(RegistryError) -> [Statement]? {
        if let found = heading.newerVersion(bytes) {
            throw RegistryError.newerVersion(heading, found: found)
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.first.map({ $0.elementsEqual(heading.description.utf8) }) == true else {
            return nil
        }
        guard lines.last?.isEmpty == true, bytes.count <= largestByteCount else {
            throw RegistryError.invalidStatement("the last line of the file is not complete")
        }
        lines.removeLast()
        var statements: [Statement] = []
        for line in lines.dropFirst() { statements.append(try Statement(line: Array(line))) }
        return statements
    }
}
