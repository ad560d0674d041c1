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
/// An identity is unlocked when a stanza is for it, and its passphrase is asked for once.
struct IdentityServer: ~Copyable {
    private let user: HostDialogue

    init(_ service: consuming PluginService) { user = HostDialogue(service) }

    /// Serves one conversation; throws where the host breaks it off.
    func run() throws {
        var request = IdentityRequest()
        while try request.receive(user.service.next()) {}
        try answer(request)
        try user.service.finish()
    }

    private func answer(_ request: IdentityRequest) throws {
        var names: [KeyName?] = []
        for (index, identity) in request.identities.enumerated() {
            do {
                guard let identity else { throw AgeError.key("this is not an identity") }
                names.append(try PluginIdentity.name(of: identity))
            } catch let error as any ReportableError {
                // Then nothing at all may be unwrapped (C2SP age-plugin § identity-v1).
                return try report(error, ["identity", "\(index)"])
            }
        }
        let keystore: Keystore
        do { keystore = try IdentityServer.keystore() } catch let error as any ReportableError {
            return try report(error, ["internal"])
        }
        var opened: Set<Int> = []
        for (index, name) in names.enumerated() {
            do {
                let identities = try StoredIdentity.all(
                    in: keystore,
                    of: name,
                    withRevoked: false,
                    user: user
                )
                for file in request.files where !opened.contains(file.index) {
                    guard let fileKey = try AgeStanzas.unwrap(file.stanzas, with: identities) else {
                        continue
                    }
                    opened.insert(file.index)
                    try user.service.send(
                        PluginFrame("file-key", ["\(file.index)"], body: fileKey)
                    )
                }
            } catch let error as any ReportableError {
                return try report(error, ["identity", "\(index)"])
            }
        }
    }

    private func report(_ error: any ReportableError, _ arguments: [String]) throws {
        let text = [error.message, error.hint].compactMap(\.self).joined(separator: "; ")
        try user.service.send(PluginFrame("error", arguments, text: text))
    }

    private static func keystore() throws -> Keystore {
        // A host starts a plugin in a folder of its own.
        if let path = unsafe getenv("KEYCTL_HOME"), unsafe path.pointee != 0,
            unsafe path.pointee != CChar(UInt8(ascii: "/"))
        {
            throw AgeError.key(
                "KEYCTL_HOME is a relative path, and age runs plugins in another folder",
                hint: "set KEYCTL_HOME to an absolute path"
            )
        }
        return try Keystore(home: Home.resolve(nil)) { reason in
            Report.warning("an entry is missing in the audit log: \(Report.message(of: reason))")
        }
    }
}

/// Trying identities with stanzas.
private enum AgeStanzas {
    static func unwrap(
        _ stanzas: [AgeStanza],
        with identities: [StoredIdentity]
    ) throws -> SecretBytes? {
        for identity in identities {
            for stanza in stanzas {
                if let fileKey = try identity.unwrap(stanza) { return fileKey }
            }
        }
        return nil
    }
}
