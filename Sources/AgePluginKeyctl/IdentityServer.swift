internal import AgeFiles
internal import AgePlugins
internal import CommandSupport
internal import CryptoCore
internal import EncryptedFiles
internal import Failures
internal import Glibc
internal import KeyFormats
internal import Keystore

/// `identity-v1`: opens stanzas with the RSA keys of the keystore, as `keyctl decrypt` does.
///
/// An identity is unlocked when a stanza is for it, and its passphrase is asked for once. An
/// identity that fails does not stop the others: the host is told of it if nothing opens the file.
struct IdentityServer: ~Copyable {
    private let user: HostDialogue
    private let warnings = AuditWarnings()
    private var reported: Set<[String]> = []

    init(_ service: consuming PluginService) { user = HostDialogue(service) }

    /// Serves one conversation; throws where the host breaks it off.
    mutating func run() throws {
        var request = IdentityRequest()
        while try request.receive(user.service.next()) {}
        try answer(request)
        if let warning = warnings.text { try user.service.tell(warning) }
        try user.service.finish()
    }

    private mutating func answer(_ request: IdentityRequest) throws {
        var names: [KeyName?] = []
        for (index, identity) in request.identities.enumerated() {
            do {
                guard let identity else { throw AgeError.key("this is not an identity") }
                names.append(try PluginIdentity.name(of: identity))
            } catch let error as any ReportableError {
                // Then nothing at all may be unwrapped (C2SP age-plugin § identity-v1).
                return try report(HostFault(arguments: ["identity", "\(index)"], error: error))
            }
        }
        var files: [IdentityRequest.File] = []
        for file in request.files where try isWellFormed(file) { files.append(file) }
        let keys: NamedKeys
        do { keys = try NamedKeys(names, in: keystore(), user: user) } catch let error
            as any ReportableError
        {
            return try report(HostFault(arguments: ["internal"], error: error))
        }
        for file in files { try open(file, with: keys) }
    }

    /// Whether all stanzas that we know have their form; else nothing of the file may be unwrapped.
    private mutating func isWellFormed(_ file: IdentityRequest.File) throws -> Bool {
        var isWellFormed = true
        for (index, stanza) in file.stanzas.enumerated() {
            do throws(AgeError) { try AgeSSHRSA.requireForm(of: stanza) } catch {
                isWellFormed = false
                try report(HostFault(arguments: stanzaWords(file, index), error: error))
            }
        }
        return isWellFormed
    }

    private mutating func open(_ file: IdentityRequest.File, with keys: NamedKeys) throws {
        var fault: HostFault?
        for key in keys.keys {
            for (index, stanza) in file.stanzas.enumerated()
            where key.identity.isTagged(in: stanza) {
                guard let fileKey = unwrap(stanza, index, of: file, key, &fault) else { continue }
                try user.service.send(
                    PluginFrame("file-key", ["\(file.index)"], body: fileKey)
                )
                return
            }
        }
        if let fault = fault ?? keys.fault { try report(fault) }
    }

    /// The file key; `nil` where the stanza is not opened, and then `fault` has a reason.
    private func unwrap(
        _ stanza: AgeStanza,
        _ index: Int,
        of file: IdentityRequest.File,
        _ key: NamedKeys.Key,
        _ fault: inout HostFault?
    ) -> SecretBytes? {
        let found: HostFault
        do {
            if let fileKey = try key.identity.unwrap(stanza) { return fileKey }
            let error = AgeError.noMatch(
                "the stanza has the tag of \(key.identity.name), which does not decrypt it",
                hint: nil
            )
            found = HostFault(arguments: stanzaWords(file, index), error: error)
        } catch let error as AgeError where error.code == .header {
            found = HostFault(arguments: stanzaWords(file, index), error: error)
        } catch let error as any ReportableError {
            found = HostFault(arguments: ["identity", "\(key.index)"], error: error)
        } catch {
            found = HostFault(
                arguments: ["identity", "\(key.index)"],
                error: CommandError.failed("\(error)")
            )
        }
        fault = fault ?? found
        return nil
    }

    private func stanzaWords(_ file: IdentityRequest.File, _ index: Int) -> [String] {
        ["stanza", "\(file.index)", "\(index)"]
    }

    /// Tells the host of a fault, once.
    private mutating func report(_ fault: HostFault) throws {
        guard reported.insert(fault.arguments).inserted else { return }
        let text = [fault.error.message, fault.error.hint].compactMap(\.self)
            .joined(separator: "; ")
        try user.service.send(PluginFrame("error", fault.arguments, text: text))
    }

    private func keystore() throws -> Keystore {
        // A host starts a plugin in a folder of its own.
        if let path = unsafe getenv("KEYCTL_HOME"), unsafe path.pointee != 0,
            unsafe path.pointee != CChar(UInt8(ascii: "/"))
        {
            throw AgeError.key(
                "KEYCTL_HOME is a relative path, and age runs plugins in another folder",
                hint: "set KEYCTL_HOME to an absolute path"
            )
        }
        let warnings = warnings
        return try Keystore(home: Home.resolve(nil)) { warnings.note($0) }
    }
}
