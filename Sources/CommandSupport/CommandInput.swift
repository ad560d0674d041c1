public import CryptoCore
public import DurableFiles
internal import Glibc

/// The input of a command: a named file, or standard input (no name, or `-`).
public enum CommandInput {
    /// Returns all bytes of the input as a secret, at most `limit`.
    public static func secret(_ path: String?, limit: Int) throws(FileError) -> SecretBytes {
        guard let path = named(path) else {
            return try DurableFile.readSecret(
                descriptor: STDIN_FILENO,
                name: "standard input",
                limit: limit
            )
        }
        return try DurableFile.readSecret(path, limit: limit)
    }

    /// Returns all bytes of an input that is public, at most `limit`.
    public static func bytes(_ path: String?, limit: Int) throws(FileError) -> [UInt8] {
        guard let path = named(path) else { return try secret(nil, limit: limit).publicBytes }
        return try DurableFile.read(path, limit: limit)
    }

    /// Returns the input as a stream.
    public static func stream(_ path: String?) throws(FileError) -> InputFile {
        try InputFile(named(path))
    }

    private static func named(_ path: String?) -> String? { path == "-" ? nil : path }
}
