public import DurableFiles
internal import Glibc
public import KeyFormats

/// A folder that holds somebody's keystore, registry and chat state: `$KEYCTL_HOME`.
public struct Home: Sendable {
    /// Where it is.
    public let path: String

    /// Names a home; nothing is made yet.
    public init(path: String) { self.path = path }

    /// `--home`, else `$KEYCTL_HOME`, else `$XDG_DATA_HOME/keyctl`, else `~/.local/share/keyctl`.
    ///
    /// Services start programs without `HOME`: the password database knows it, too. Throws
    /// `KeystoreError` where nothing does; a folder that nobody named is never used.
    public static func resolve(_ explicit: String?) throws(KeystoreError) -> Home {
        if let explicit {
            guard !explicit.isEmpty else { throw KeystoreError.noHome("--home is empty") }
            return Home(path: absolute(explicit))
        }
        if let path = environment("KEYCTL_HOME") { return Home(path: absolute(path)) }
        // A relative one is to be ignored (XDG Base Directory Specification, "Basics").
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
        // "/" and "/nonexistent" are what users without a home have.
        guard let path, path.hasPrefix("/"), path != "/", DurableFile.exists(path) else {
            return nil
        }
        return path
    }

    var identitiesPath: String { path + "/identities" }
    /// The log of one's own registry.
    public var registryPath: String { path + "/registry/log" }
    /// The signed checkpoint of one's own registry.
    public var checkpointPath: String { path + "/registry/checkpoint" }
    /// One's own list of keys whose private halves are public: a fingerprint a line.
    public var compromisedPath: String { path + "/compromised" }
    /// The journal of a rewrap that is under way.
    public var rewrapJournalPath: String { path + "/rewrap.journal" }
    /// The public key of one's own identity, to be handed out.
    public func publicKeyPath(_ name: KeyName) -> String { "\(path)/\(name).pub" }
    /// A file that is handed out beside the public key: `alice+next.pub`, `alice+rotation.txt`.
    ///
    /// No name has a plus sign: what is made for one identity never has the name of another's file.
    public func handedOutPath(_ name: KeyName, _ kind: String) -> String {
        "\(path)/\(name)+\(kind)"
    }
    /// Uses of private keys and changes, failures too.
    public var auditPath: String { path + "/audit.log" }
    /// The public half of the key that backups are sealed to.
    public var recoveryPath: String { path + "/recovery" }
    /// Identities that `gen --replace` took the place of.
    var replacedPath: String { path + "/replaced" }
    /// The mirror of somebody else's registry, by its owner's id; that of a chat's server, too.
    public func mirrorPath(owner id: String) -> String { "\(chatPath)/\(id)/registry" }
    /// What a chat keeps here.
    public var chatPath: String { path + "/chat" }

    /// Makes the folders that are missing and refuses those that others may look into.
    ///
    /// The folder of identities comes last: where it stands, the home is whole, whatever other
    /// processes are doing at the same time.
    func prepare() throws(FileError) {
        for folder in [path, path + "/registry", chatPath, identitiesPath] {
            try DurableFile.makeFolder(folder)
            try DurableFile.requirePrivate(folder)
        }
    }

    /// Refuses folders that others may look into, and makes none.
    func requirePrivate() throws(FileError) {
        for folder in [path, path + "/registry"] { try DurableFile.requirePrivate(folder) }
    }

    /// Whether a home was made there: a folder alone is none.
    public var exists: Bool { DurableFile.exists(identitiesPath) }

    /// Whether anything is kept there: an identity, or a registry.
    public var isInUse: Bool {
        DurableFile.exists(registryPath)
            || (try? DurableFile.names(in: identitiesPath))?.isEmpty == false
    }

    /// The lock under which everything in the home is changed.
    public func lock() throws(FileError) -> FileLock { try FileLock(path + "/lock") }

    /// The same lock, if no other process holds it; `nil` where one does.
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
