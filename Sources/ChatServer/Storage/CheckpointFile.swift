import CryptoCore
import DurableFiles
import Glibc
import Keystore

/// The signed checkpoint beside a server's registry, for whoever looks at it by hand.
enum CheckpointFile {
    /// Writes a checkpoint over lines that are on disk.
    static func write(_ note: [UInt8], home: Home) throws(FileError) {
        try DurableFile.replace(home.checkpointPath, with: note.borrowedBytes)
    }

    /// Brings the registry's lines to the disk, those that another process appended too.
    ///
    /// A checkpoint over lines that a crash takes back would shut the home.
    static func synchronizeRegistry(home: Home) throws(FileError) {
        guard DurableFile.exists(home.registryPath) else { return }
        try DurableFile.synchronize(home.registryPath)
    }
}
