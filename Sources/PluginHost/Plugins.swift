public import KeyFormats
public import KeySync
public import Keystore
internal import PluginProcess
internal import PluginWire
public import Signatures
internal import Synchronization

/// The plugins of one command: what a home trusts, what came with keyctl, and what runs.
///
/// Commands make one, ask it for an id that is not built in, and call `end` when they are done.
/// Nothing is read and nothing starts before that.
public final class Plugins: Sendable {
    /// The copies and records of the home.
    public let store: PluginStore
    /// What is installed on this machine.
    public let installed: InstalledPrograms
    let options: PluginRunOptions
    /// How plugins are run.
    public var runOptions: PluginRunOptions { options }
    let keyctlHome: Home
    private let known = Mutex<TrustBook?>(nil)
    private let sessions = Mutex<[PluginName: PluginSession]>([:])

    /// Names a home, and how plugins are run.
    public init(
        home: Home,
        options: PluginRunOptions,
        installed: InstalledPrograms = InstalledPrograms()
    ) {
        keyctlHome = home
        self.options = options
        self.installed = installed
        store = PluginStore(home)
    }

    // MARK: The tables

    /// The key provider of this name; `nil` if no plugin that may run has it.
    ///
    /// Throws `PluginHostError` if the records of trust are damaged.
    public func keyProvider(_ id: String) throws -> (any KeyMaker)? {
        guard let name = PluginName(id) else { return nil }
        if let program = try book().program(.plugin(name)) {
            let offer = program.offers.first { $0.capability == .provider }
            guard let offer else { return nil }
            return PluginKeyProvider(session(for: program), title: offer.title)
        }
        guard installed.shipped(.plugin(name)) != nil else { return nil }
        return PluginKeyProvider(session(shipped: name), title: "keys of the plugin \(name)")
    }

    /// The key format with this id; throws `PluginHostError` if there is none.
    public func keyFormat(_ id: String) throws -> any KeyFormat {
        let found = try find(id) { if case .format = $0 { true } else { false } }
        guard case .format(let format) = found.offer.capability else {
            throw PluginHostError.notTrusted(id)
        }
        return PluginKeyFormat(found.offer, format, found.session)
    }

    /// The signature format with this id; throws `PluginHostError` if there is none.
    public func signatureFormat(_ id: String) throws -> any SignatureFormat {
        let found = try find(id) { if case .signature = $0 { true } else { false } }
        guard case .signature(let format) = found.offer.capability else {
            throw PluginHostError.notTrusted(id)
        }
        return PluginSignatureFormat(found.offer, format, found.session)
    }

    /// The exporter with this id; throws `PluginHostError` if there is none.
    public func exporter(_ id: String) throws -> any RegistryExporter {
        let found = try find(id) { $0 == .export }
        return PluginExporter(found.offer, found.session)
    }

    /// Asks the passphrase source that is bound to an identity, and then `next`; `next` alone where
    /// none is bound.
    ///
    /// Throws `PluginHostError` if the source is not there any more.
    public func unlocker(
        for identity: KeyName,
        then next: any KeyUnlocker
    ) throws -> any KeyUnlocker {
        guard store.isThere, let id = try book().bindings[identity] else { return next }
        let found = try find(id.description) { $0 == .secret }
        return PluginUnlocker(found.offer.id, for: identity, found.session, then: next)
    }

    /// The program of a command `keyctl-NAME`: the trusted copy, or what came with keyctl; `nil` if
    /// there is none.
    ///
    /// Throws `PluginHostError` if the copy is not the trusted one.
    public func commandPath(_ name: ProgramName) throws -> String? {
        if let program = try book().program(name) { return try store.checkedCopy(program) }
        return installed.shipped(name)?.path
    }

    /// Ends every plugin that runs.
    public func end() {
        let all = sessions.withLock { sessions in
            defer { sessions = [:] }
            return Array(sessions.values)
        }
        for session in all { session.end() }
    }

    // MARK: Finding

    /// What is trusted, as it was when the command asked first.
    public func book() throws -> TrustBook {
        if let book = known.withLock(\.self) { return book }
        let book = try store.book()
        known.withLock { $0 = book }
        return book
    }

    /// Reads the records anew, after a change.
    func forget() {
        end()
        known.withLock { $0 = nil }
    }

    /// Finds who offers an id: recorded offers first, which start nothing; then a shipped plugin
    /// whose name begins the id, which is started and asked.
    private func find(
        _ id: String,
        _ isWanted: (Offer.Capability) -> Bool
    ) throws -> (offer: Offer, session: PluginSession) {
        if let found = try book().offer(id, isWanted) {
            return (found.offer, session(for: found.program))
        }
        for name in Plugins.names(beginning: id)
        where installed.shipped(.plugin(name)) != nil {
            let session = session(shipped: name)
            let offers = try session.greeting().offers
            let offer = offers.first { $0.id.description == id && isWanted($0.capability) }
            if let offer { return (offer, session) }
        }
        throw PluginHostError.notTrusted(id)
    }

    /// Every name of a plugin that may offer an id: `a`, `a-b` and `a-b-c` for `a-b-c`.
    static func names(beginning id: String) -> [PluginName] {
        guard OfferID(id) != nil else { return [] }
        var names: [PluginName] = []
        var parts: [Substring] = []
        for part in id.split(separator: "-", omittingEmptySubsequences: false) {
            parts.append(part)
            if let name = PluginName(parts.joined(separator: "-")) { names.append(name) }
        }
        return names
    }

    // MARK: Running

    func session(for program: TrustedProgram) -> PluginSession {
        let launcher = PluginLauncher(home: keyctlHome)
        return session(program.name.name) { [store] in
            let path = try store.checkedCopy(program)
            return try launcher.program(path, variables: program.variables)
        }
    }

    func session(shipped name: PluginName) -> PluginSession {
        let launcher = PluginLauncher(home: keyctlHome)
        return session(name) { [installed] in
            // Looked at again: the file may have changed since.
            guard let found = installed.shipped(.plugin(name)) else {
                throw PluginHostError.notTrusted(name)
            }
            return try launcher.program(
                found.path,
                variables: PluginLauncher.variables(ofShipped: name)
            )
        }
    }

    private func session(
        _ name: PluginName,
        _ program: @escaping @Sendable () throws -> PluginProgram
    ) -> PluginSession {
        sessions.withLock { sessions in
            if let session = sessions[name] { return session }
            let session = PluginSession(name, options, program: program)
            sessions[name] = session
            return session
        }
    }
}
