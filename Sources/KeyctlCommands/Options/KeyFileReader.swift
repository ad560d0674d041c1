internal import CommandSupport
internal import CryptoCore
internal import Failures
internal import KeyFormats

/// Key files as commands read them.
enum KeyFileReader {
    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws -> SecretBytes {
        try CommandInput.secret(path, limit: KeyFormats.largestByteCount)
    }

    /// The one key that is meant in a text of several blocks; a note tells what was left out.
    static func select(from file: KeyFile, in path: String) throws -> KeySelection {
        let selection: KeySelection
        do { selection = try KeySelection(of: file) } catch {
            throw LocatedFailure(keyFile: path, error)
        }
        if let note = selection.note { Report.note("\(path): \(note)") }
        return selection
    }
}
