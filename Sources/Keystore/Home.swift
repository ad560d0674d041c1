public import DurableFiles
internal import Glibc
public import KeyFormats

/// The folder that holds one user's keystore, registry and chat state (`--home`, `$KEYCTL_HOME`).
///
/// This type knows the paths in a home and its lock; docs/keystore-format.md shows the layout.
public struct Home: Sendable {
    /// The folder's path.
    public let path: String

    /// Names a home.
    ///
    /// It makes no folder.
    public init(path: String) { self.path = path }

    /// Finds the home: `--home`, else `$KEYCTL_HOME`, else `$XDG_DATA_HOME/keyctl`, else
    /// `~/.local/share/keyctl`.
    ///
    /// Services may start programs without `HOME`; then the password database gives the user's
    /// folder. Throws `KeystoreError` if no source gives a folder: the current folder is never a
    /// default.
    public static func resolve(_ explicit: String?) throws(KeystoreError) -> Home {
        if let explicit {
            guard !explicit.isEmpty else { throw KeystoreError.noHome("--home is empty") }
            return Home(path: absolute(explicit))
        }
        if let path = environment("KEYCTL_HOME") { return Home(path: absolute(path)) }
        // A relative path must be ignored (XDG Base Directory Specification, "Basics").
        if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") {
            return Home(path: data + "/keyctl")
        }
        let person = environment("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let person = person ?? passwordDatabaseHome() else {
            throw KeystoreError.noHome("$HOME is not set, and this user has no home folder")
        }
        return Home(path: person + "/.local/share/keyctl")
    }

    private static func passwordDatabaseHome() -> String? {
        var entry = unsafe passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        // SAFETY: the entry's strings lie in the buffer, which outlives the copy.
        let path: String? = unsafe buffer.withUnsafeMutableBufferPointer { strings in
            guard let start = strings.baseAddress,
                unsafe getpwuid_r(geteuid(), &entry, start, strings.count, &result) == 0,
                unsafe result != nil, let folder = unsafe entry.pw_dir
            else { return nil }
            return unsafe String(cString: folder)
        }
        // Users without a home have "/" or "/nonexistent".
        guard let path, path.hasPrefix("/"), path != "/", DurableFile.exists(path) else {
            return nil
        }
        return path
    }

    var identitiesPath: String { path + "/identities" }
    /// The log of the user's own registry.
    public var registryPath: String { path + "/registry/log" }
    /// The signed checkpoint of the user's own registry.
    public var checkpointPath: String { path + "/registry/checkpoint" }
    /// The home's own list of compromised keys, whose private halves are public: one fingerprint a
    /// line.
    public var compromisedPath: String { path + "/compromised" }
    /// The journal of an unfinished rewrap.
    public var rewrapJournalPath: String { path + "/rewrap.journal" }
    /// The public key file of the user's own identity, which is handed out.
    public func publicKeyPath(_ name: KeyName) -> String { "\(path)/\(name).pub" }
    /// Another file of an identity that is handed out: `alice+next.pub`, `alice+rotation.txt`.
    ///
    /// No name contains a plus sign, so a file of one identity never has the name of another's
    /// file.
    public func handedOutPath(_ name: KeyName, _ kind: String) -> String {
        "\(path)/\(name)+\(kind)"
    }
    /// The log of every use of a private key and every change, failures included.
    public var auditPath: String { path + "/audit.log" }
    /// The public half of the recovery key, to which backups are sealed.
    public var recoveryPath: String { path + "/recovery" }
    /// The folder of plugins that the user trusts.
    public var pluginsPath: String { path + "/plugins" }
    /// The folder of identities that `gen --replace` replaced.
    var replacedPath: String { path + "/replaced" }
    /// The mirror of another registry, by its owner's id.
    ///
    /// The registry of a chat's server is one.
    public func mirrorPath(owner id: String) -> String { "\(chatPath)/\(id)/registry" }
    /// The folder of the chat's state.
    public var chatPath: String { path + "/chat" }

    /// Makes the missing folders, and refuses folders that other users can read.
    ///
    /// The folder of identities comes last: once it exists, the home is complete, whatever other
    /// processes do at the same time.
    func prepare() throws(FileError) {
        for folder in [path, path + "/registry", chatPath, identitiesPath] {
            try DurableFile.makeFolder(folder)
            try DurableFile.requirePrivate(folder)
        }
    }

    /// Refuses folders that other users can read.
    ///
    /// It makes no folder.
    func requirePrivate() throws(FileError) {
        for folder in [path, path + "/registry"] { try DurableFile.requirePrivate(folder) }
    }

    /// Whether a home was made here.
    ///
    /// A folder alone is not a home.
    public var exists: Bool { DurableFile.exists(identitiesPath) }

    /// Whether the home holds an identity or a registry.
    public var isInUse: Bool {
        DurableFile.exists(registryPath)
            || (try? DurableFile.names(in: identitiesPath))?.isEmpty == false
    }

    /// Takes the home's lock, under which everything in the home is changed; waits for it.
    ///
    /// Throws `FileError` if the lock file cannot be opened.
    public func lock() throws(FileError) -> FileLock { try FileLock(path + "/lock") }

    /// Takes the same lock if it is free; returns `nil` if another process holds it.
    ///
    /// Throws `FileError` if the lock file cannot be opened.
    public func lockIfFree() throws(FileError) -> FileLock? { try FileLock(trying: path + "/lock") }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(current) }
        var relative = Substring(path)
        while relative.hasPrefix("./") { relative = relative.dropFirst(2) }
        return unsafe String(cString: current) + "/" + relative
    }
}
