/// The first line of a text file of ours: its kind and the version of its format, for example
/// `keyctl-sealed v1`.
public struct FileHeading: Sendable, CustomStringConvertible {
    private static let largestVersionDigitCount = 6

    /// The kind of file.
    public let kind: String
    /// The newest version of the format that this program knows.
    public let version: Int

    /// Names a kind of file and its newest version.
    public init(_ kind: String, version: Int) {
        self.kind = kind
        self.version = version
    }

    /// The line, without a line feed.
    public var description: String { "\(kind) v\(version)" }

    /// The beginning of every file of this kind, in any version.
    public var beginning: [UInt8] { Array("\(kind) v".utf8) }

    /// Throws `FileError` if a newer version of the program wrote the file.
    ///
    /// Such a file is complete, and must not be reported as damaged.
    public func requireKnownVersion(
        _ beginning: some Sequence<UInt8>,
        path: String
    ) throws(FileError) {
        guard let found = newerVersion(beginning) else { return }
        throw FileError.newerVersion(path, found: found, known: version)
    }

    /// Returns the version in a file's beginning if it is newer than the known one; else `nil`.
    public func newerVersion(_ beginning: some Sequence<UInt8>) -> Int? {
        let prefix = self.beginning
        let longest = prefix.count + FileHeading.largestVersionDigitCount + 1
        let line = beginning.prefix(longest).prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: prefix),
            let found = Int(String(decoding: line.dropFirst(prefix.count), as: UTF8.self)),
            found > version
        else { return nil }
        return found
    }
}
