import CryptoCore
import DurableFiles
import Keystore

/// The signed checkpoint beside a server's registry, for whoever looks at it by hand.
enum CheckpointFile {
    static func write(_ note: [UInt8], home: Home) throws(FileError) {
        try DurableFile.replace(home.checkpointPath, with: note.borrowedBytes)
    }
}
