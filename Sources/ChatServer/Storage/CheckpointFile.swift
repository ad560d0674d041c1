import CryptoCore
import DurableFiles
import Glibc
import Keystore

/// The signed checkpoint beside a server's registry, for people who examine the home by hand.
enum CheckpointFile {
    /// Writes a checkpoint over lines that are on disk; throws `FileError` if writing fails.
    static func write(_ note: [UInt8], home: Home) throws(FileError) {
        try DurableFile.replace(home.checkpointPath, with: note.borrowedBytes)
    }

    /// Synchronises the registry's lines to disk, including lines that other processes appended.
    ///
    /// If a crash took back lines under a written checkpoint, the home could not be opened any
    /// more. Throws `FileError` if it fails.
    static func synchronizeRegistry(home: Home) throws(FileError) {
        guard DurableFile.exists(home.registryPath) else { return }
        try DurableFile.synchronize(home.registryPath)
    }
}
