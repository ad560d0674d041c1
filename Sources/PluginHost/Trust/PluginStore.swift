internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyFormats
public import Keystore
internal import PluginWire

/// The folder `plugins` of a home: copies of trusted programs, and the file `trusted`.
public struct PluginStore: Sendable {
    private static let executableMode: UInt32 = 0o700

    private let folder: String

    /// Names the folder of a home.
    public init(_ home: Home) { folder = home.pluginsPath }

    private var bookPath: String { "\(folder)/trusted" }

    /// Whether anything was ever trusted here.
    public var isThere: Bool { DurableFile.exists(bookPath) }

    /// What is trusted; throws `PluginHostError` if the file is damaged.
    public func book() throws -> TrustBook {
        guard isThere else { return TrustBook() }
        try DurableFile.requirePrivate(bookPath)
        let bytes = try DurableFile.read(bookPath, limit: TrustBook.largestByteCount)
        return try TrustBook(bytes, path: bookPath)
    }

    /// Where the copy of a program is.
    func copyPath(_ name: ProgramName) -> String { "\(folder)/\(name)" }

    /// Writes a copy; the caller holds the home's lock.
    func writeCopy(_ name: ProgramName, _ bytes: [UInt8]) throws {
        try DurableFile.makeFolder(folder)
        try DurableFile.requirePrivate(folder)
        try DurableFile.replace(
            copyPath(name),
            with: bytes.borrowedBytes,
            mode: PluginStore.executableMode
        )
    }

    /// Writes a file that is to be asked what it offers, and returns its path.
    ///
    /// No copy has such a name: it has a dot.
    func writeDraft(_ name: ProgramName, _ bytes: [UInt8]) throws -> String {
        try DurableFile.makeFolder(folder)
        try DurableFile.requirePrivate(folder)
        let path = "\(folder)/\(getpid()).\(name)"
        try DurableFile.replace(path, with: bytes.borrowedBytes, mode: PluginStore.executableMode)
        return path
    }

    /// Removes such a file.
    func removeDraft(_ path: String) { try? DurableFile.remove(path) }

    /// Writes what is trusted; the caller holds the home's lock.
    func write(_ book: TrustBook) throws {
        try DurableFile.makeFolder(folder)
        try DurableFile.replace(bookPath, with: book.encoded.borrowedBytes)
    }

    /// Removes a copy, if it is there.
    func removeCopy(_ name: ProgramName) throws {
        guard DurableFile.exists(copyPath(name)) else { return }
        try DurableFile.remove(copyPath(name))
    }

    /// Returns the path of a copy that is the trusted one; throws `PluginHostError` if it is not.
    func checkedCopy(_ program: TrustedProgram) throws -> String {
        let path = copyPath(program.name)
        guard DurableFile.exists(path) else {
            throw PluginHostError.copyMissing("\(program.name)", source: program.source)
        }
        try DurableFile.requirePrivate(path)
        let bytes = try DurableFile.read(path, limit: ProgramFile.largestByteCount)
        guard SHA256Digest(hashing: bytes) == program.digest else {
            throw PluginHostError.changed("\(program.name)", path)
        }
        return path
    }
}
