internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Keystore
internal import PluginProcess
internal import PluginWire
internal import Registry

/// What the user does to the plugins of a home.
extension Plugins {
    /// What became of an update.
    public enum Update: Sendable {
        /// The file is the trusted one already.
        case same(TrustedProgram)
        /// The new file is trusted now.
        case updated(TrustedProgram)
    }

    /// Copies a file into the home, asks it what it offers, and records it as trusted.
    ///
    /// `builtIn` are the ids of everything that is built in. With `signer`, the file must have a
    /// signature, and later versions are taken by `update`. Throws `PluginHostError` if the file
    /// cannot be trusted, or if the plugin does not introduce itself.
    public func trust(
        _ path: String,
        signer: KeyName?,
        variables: [String],
        builtIn: Set<String>,
        in keystore: inout Keystore
    ) throws -> TrustedProgram {
        let file = try ProgramFile(path)
        let name = file.name
        guard !builtIn.contains("\(name.name)") else {
            throw PluginHostError.builtInName("\(name.name)")
        }
        guard installed.shipped(name) == nil else {
            throw PluginHostError.shippedName("\(name.name)")
        }
        guard name.isPlugin || variables.isEmpty else { throw PluginHostError.commandOption() }
        try PluginLauncher.require(variables)
        let bytes = try file.read()
        if let signer {
            let state = keystore.registry.state
            try PluginFileSignature.require(file.path, bytes, by: signer, state)
        }
        try keystore.prepareHome()
        return try take(
            bytes,
            of: file,
            signer: signer,
            variables: variables,
            builtIn: builtIn,
            "plugin-trust",
            &keystore
        )
    }

    /// Takes a later version of a program that was trusted with a signer: from `path`, else from
    /// where it was trusted.
    ///
    /// Throws `PluginHostError` if its signature does not count.
    public func update(
        _ name: ProgramName,
        from path: String?,
        builtIn: Set<String>,
        in keystore: inout Keystore
    ) throws -> Update {
        guard let program = try book().program(name) else {
            throw PluginHostError.notTrusted(name.name)
        }
        guard let signer = program.signer else { throw PluginHostError.noSigner("\(name.name)") }
        let file = try ProgramFile(path ?? program.source)
        guard file.name == name else { throw PluginHostError.badFileName(file.path) }
        let bytes = try file.read()
        try PluginFileSignature.require(file.path, bytes, by: signer, keystore.registry.state)
        guard SHA256Digest(hashing: bytes) != program.digest else { return .same(program) }
        return .updated(
            try take(
                bytes,
                of: file,
                signer: signer,
                variables: program.variables,
                builtIn: builtIn,
                "plugin-update",
                &keystore
            )
        )
    }

    /// Removes a program's copy and records; throws `PluginHostError` if it is not trusted.
    public func untrust(_ name: ProgramName, in keystore: inout Keystore) throws {
        guard try book().program(name) != nil else { throw PluginHostError.notTrusted(name.name) }
        try keystore.changePlugins("plugin-untrust") {
            var book = try store.book()
            book.remove(name)
            try store.write(book)
            try store.removeCopy(name)
        }
        forget()
    }

    /// Binds a passphrase source to an identity; only then the plugin is asked, and only for it.
    ///
    /// Throws `PluginHostError` if no plugin that may run offers it.
    public func bind(_ id: String, to identity: KeyName, in keystore: inout Keystore) throws {
        guard let offer = OfferID(id), try offersSecret(id) else {
            throw PluginHostError.noSource(id)
        }
        try keystore.changePlugins("plugin-bind") {
            var book = try store.book()
            book.bind(identity, to: offer)
            try store.write(book)
        }
        forget()
    }

    /// Removes the binding of an identity; throws `PluginHostError` if there is none.
    public func unbind(_ identity: KeyName, in keystore: inout Keystore) throws {
        guard try book().bindings[identity] != nil else { throw PluginHostError.notBound(identity) }
        try keystore.changePlugins("plugin-unbind") {
            var book = try store.book()
            book.bind(identity, to: nil)
            try store.write(book)
        }
        forget()
    }

    private func offersSecret(_ id: String) throws -> Bool {
        if try book().offer(id, { $0 == .secret }) != nil { return true }
        for name in Plugins.names(beginning: id)
        where installed.shipped(.plugin(name)) != nil {
            let offers = try session(shipped: name).greeting().offers
            if offers.contains(where: { $0.id.description == id && $0.capability == .secret }) {
                return true
            }
        }
        return false
    }

    /// Writes a copy under another name, asks it what it offers, and makes it the trusted one.
    private func take(
        _ bytes: [UInt8],
        of file: ProgramFile,
        signer: KeyName?,
        variables: [String],
        builtIn: Set<String>,
        _ event: String,
        _ keystore: inout Keystore
    ) throws -> TrustedProgram {
        let name = file.name
        var greeting = PluginGreeting(software: "-", offers: [])
        if name.isPlugin {
            let draft = try store.writeDraft(name, bytes)
            defer { store.removeDraft(draft) }
            greeting = try introduce(draft, name.name, variables)
            for offer in greeting.offers where builtIn.contains("\(offer.id)") {
                throw PluginHostError.builtInName("\(offer.id)")
            }
            for offer in greeting.offers {
                guard try !isShipped(offer.id) else {
                    throw PluginHostError.takenID("\(offer.id)")
                }
            }
        }
        let program = TrustedProgram(
            name: name,
            digest: SHA256Digest(hashing: bytes),
            time: .now,
            source: file.path,
            signer: signer,
            variables: variables,
            software: greeting.software,
            offers: greeting.offers
        )
        try keystore.changePlugins(event) {
            var book = try store.book()
            let ids = Set(program.offers.map(\.id))
            for other in book.programs where other.name != name {
                for offer in other.offers where ids.contains(offer.id) {
                    throw PluginHostError.takenID("\(offer.id)")
                }
            }
            book.put(program)
            // The copy first: a crash in between leaves a copy that does not run.
            try store.writeCopy(name, bytes)
            try store.write(book)
        }
        forget()
        return program
    }

    private func isShipped(_ id: OfferID) throws -> Bool {
        for name in Plugins.names(beginning: "\(id)")
        where installed.shipped(.plugin(name)) != nil {
            let offers = try session(shipped: name).greeting().offers
            if offers.contains(where: { $0.id == id }) { return true }
        }
        return false
    }

    private func introduce(
        _ path: String,
        _ name: PluginName,
        _ variables: [String]
    ) throws -> PluginGreeting {
        let launcher = PluginLauncher(home: keyctlHome)
        let program = try launcher.program(path, variables: variables)
        let connection = try PluginConnection(program, name: name, options: options)
        defer { connection.end() }
        if let grease = PluginGrease.request() { try connection.probe(grease) }
        return connection.greeting
    }
}
