internal import CommandSupport
internal import CryptoCore
internal import Failures
internal import KeyFormats

/// Reads key files for commands.
enum KeyFileReader {
    /// Returns the bytes of a file, or of standard input for `-`.
    static func read(_ path: String) throws -> SecretBytes {
        try CommandInput.secret(path, limit: KeyFormats.largestByteCount)
    }

    /// Chooses one key of a file with several blocks; prints a note about the keys that it leaves
    /// out.
    static func select(from file: KeyFile, in path: String) throws -> KeySelection {
        let selection: KeySelection
        do { selection = try KeySelection(of: file) } catch {
            throw LocatedFailure(keyFile: path, error)
        }
        if let note = selection.note { Report.note("\(path): \(note)") }
        return selection
    }
}
