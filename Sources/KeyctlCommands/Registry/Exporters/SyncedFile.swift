/// A file of `keyctl sync`.
struct SyncedFile {
    /// Its path in the folder.
    let path: String
    /// What it holds.
    let content: [UInt8]
}
