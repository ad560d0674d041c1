/// A file of a folder that is kept in step.
public struct SyncedFile: Sendable {
    /// Its path in the folder.
    public let path: String
    /// Its content.
    public let content: [UInt8]

    /// Names a file and its content.
    public init(path: String, content: [UInt8]) {
        self.path = path
        self.content = content
    }
}
