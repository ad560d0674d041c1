/// A file in a folder of key files.
public struct SyncedFile: Sendable {
    /// The path in the folder.
    public let path: String
    /// The content of the file.
    public let content: [UInt8]

    /// Names a file and its content.
    public init(path: String, content: [UInt8]) {
        self.path = path
        self.content = content
    }
}
