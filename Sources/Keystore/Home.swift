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
    public static func resolve(_ explicit: String?) -> Home {
        if let explicit { return Home(path: absolute(explicit)) }
        if let path = environment("KEYCTL_HOME") { return Home(path: absolute(path)) }
        if let data = environment("XDG_DATA_HOME") { return Home(path: data + "/keyctl") }
        return Home(path: (environment("HOME") ?? ".") + "/.local/share/keyctl")
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
    public func prepare() throws(FileError) {
        for folder in [path, identitiesPath, path + "/registry", chatPath] {
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
