internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// A file of one identity's own statements, as `keyctl rotate --out` hands it to others.
public enum StatementFile {
    private static let heading = FileHeading("keyctl-statements", version: 1)
    /// Largest file that is read.
    public static let largestByteCount = 4 << 20

    /// Whether bytes begin as such a file does.
    public static func begins(_ bytes: RawSpan) -> Bool {
        bytes.starts(with: heading.beginning)
    }

    /// The file's text.
    public static func encode(_ chain: [Statement]) -> [UInt8] {
        var text = Array("\(heading)\n".utf8)
        for statement in chain { text += statement.line + [UInt8(ascii: "\n")] }
        return text
    }

    /// The statements of a file; `nil` where it is no such file, an error where it is broken.
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
