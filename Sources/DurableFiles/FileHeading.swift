/// The first line of every text file of ours: what it is, and the version of its format, such as
/// `keyctl-sealed v1`.
public struct FileHeading: Sendable, CustomStringConvertible {
    private static let largestVersionDigitCount = 6

    /// What the file is.
    public let kind: String
    /// The newest version of the format that this program knows.
    public let version: Int

    /// Names a kind of file.
    public init(_ kind: String, version: Int) {
        self.kind = kind
        self.version = version
    }

    /// The line.
    public var description: String { "\(kind) v\(version)" }

    /// How a file of this kind begins, of whatever version.
    public var beginning: [UInt8] { Array("\(kind) v".utf8) }

    /// Throws `FileError` where a file's beginning says that a newer version of the program wrote it:
    /// such a file is whole, and must not be taken for a damaged one.
    public func requireKnownVersion(
        _ beginning: some Sequence<UInt8>,
        path: String
    ) throws(FileError) {
        guard let found = newerVersion(beginning) else { return }
        throw FileError.newerVersion(path, found: found, known: version)
    }

    /// The version in a file's beginning, where it is newer than the one that this program knows.
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
