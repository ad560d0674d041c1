internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// Key files as commands read them.
enum KeyFileReader {
    /// The bytes of a file; `-` is standard input.
    static func read(_ path: String) throws -> SecretBytes {
        guard path != "-" else {
            return try DurableFile.readSecret(
                descriptor: 0,
                name: "standard input",
                limit: KeyFormats.largestByteCount
            )
        }
        return try DurableFile.readSecret(path, limit: KeyFormats.largestByteCount)
    }

    /// The keys in a file's bytes; what is wrong with them is told with the file's name.
    static func decode(_ bytes: RawSpan, from path: String) throws -> KeyFile {
        do { return try KeyFormats.decode(bytes) } catch let error as KeyFormatError {
            throw KeyFileError(path, error, isUnrecognized: error.isUnrecognized)
        } catch let error as CryptoError {
            throw KeyFileError(path, error)
        }
    }

    /// The one key that is meant in a text of several blocks, and what was left out is told.
    static func select(from file: KeyFile, in path: String) throws -> KeySelection {
        do {
            let selection = try KeySelection(of: file)
            if let note = selection.note { Report.note("\(path): \(note)") }
            return selection
        } catch { throw KeyFileError(path, error) }
    }
}

/// What is wrong with a key file, with the file's name.
struct KeyFileError: ReportableError {
    let message: String
    let hint: String?
    let codeName: String
    /// Whether nothing at all was recognized in the file.
    let isUnrecognized: Bool

    init(_ path: String, _ error: some ReportableError, isUnrecognized: Bool = false) {
        let name = path == "-" ? "standard input" : path
        message = "\(Printable.text(name)): \(error.message)"
        hint = error.hint
        codeName = error.codeName
        self.isUnrecognized = isUnrecognized
    }
}
