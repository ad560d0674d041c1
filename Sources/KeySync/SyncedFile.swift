/// A file in a folder of key files.
public struct SyncedFile: Sendable {
    /// The path in the folder.
    public let path: String
    /// The content of the file.
    public let content: [UInt8]
}
