/// A file of a folder that is kept in step.
public struct SyncedFile: Sendable {
    /// Its path in the folder.
    public let path: String
    /// Its content.
    public let content: [UInt8]
}
