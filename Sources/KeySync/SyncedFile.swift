/// One file of a folder that is kept in step.
public struct SyncedFile: Sendable {
    /// Its path in the folder.
    public let path: String
    /// Which kind it belongs to: one of `SyncedFiles.kinds`.
    public let kind: String
    /// Its bytes.
    public let content: [UInt8]
}
