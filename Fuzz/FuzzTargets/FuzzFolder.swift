internal import CryptoCore
internal import DurableFiles
internal import Glibc

/// A folder in memory, for decoders that can read only a file.
enum FuzzFolder {
    /// Calls `body` with an empty folder, which is removed afterwards.
    static func with<Value>(_ body: (String) throws -> Value) throws -> Value {
        let number = UInt64.random(in: 0...UInt64.max)
        let folder = "/dev/shm/keyctl-fuzz-\(getpid())-\(number)"
        defer { DurableFile.removeTree(folder) }
        try DurableFile.makeFolder(folder)
        return try body(folder)
    }

    /// Calls `body` with the path of a file with these bytes.
    static func withFile<Value>(
        _ bytes: [UInt8],
        _ name: String = "file",
        _ body: (String) throws -> Value
    ) throws -> Value {
        try with { folder in
            let path = "\(folder)/\(name)"
            try DurableFile.replace(path, with: bytes.borrowedBytes)
            return try body(path)
        }
    }
}
