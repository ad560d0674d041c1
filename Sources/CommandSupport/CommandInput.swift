public import CryptoCore
public import DurableFiles
internal import Glibc

/// What a command reads: a file; standard input where no file is named, or `-`.
public enum CommandInput {
    /// All of it, at most `limit` bytes, as a secret.
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

    /// All of it, at most `limit` bytes, where it is public.
    public static func bytes(_ path: String?, limit: Int) throws(FileError) -> [UInt8] {
        guard let path = named(path) else { return try secret(nil, limit: limit).publicBytes }
        return try DurableFile.read(path, limit: limit)
    }

    /// A stream of it.
    public static func stream(_ path: String?) throws(FileError) -> InputFile {
        try InputFile(named(path))
    }

    private static func named(_ path: String?) -> String? { path == "-" ? nil : path }
}
