internal import KeyFormats
internal import Registry

/// A person, and the keys that other programs may know.
struct ExportedPerson {
    let name: KeyName
    let identity: RegisteredIdentity

    init(_ identity: RegisteredIdentity) {
        name = identity.name
        self.identity = identity
    }

    /// Returns the key in use; `nil` if it has expired or is weak.
    func active(at now: Timestamp) -> ActiveKey? {
        guard let version = identity.version(for: .encrypt, at: now),
            let key = try? version.publicKey()
        else { return nil }
        return ActiveKey(name: name, key: key, expires: version.expires)
    }

    /// The lines of allowed_signers; each key is valid for signatures in its own period
    /// (ssh-keygen(1)).
    var allowedSigners: [String] {
        let versions = identity.versions
        return versions.indices.compactMap { index in
            let version = versions[index]
            guard !version.isRevoked, let key = try? version.publicKey() else { return nil }
            let next = index + 1 < versions.count ? versions[index + 1].since : nil
            let ends = [next, version.expires].compactMap(\.self).min()
            guard version.state == .active || ends != nil else { return nil }
            let until = ends.map { "valid-before=\"\($0.openSSHDigits)\" " } ?? ""
            return "\(name) \(until)\(key.openSSHLine)"
        }
    }
}

extension Timestamp {
    /// The time as OpenSSH writes it: `20261121120000Z`.
    var openSSHDigits: String { description.filter { $0.isNumber || $0 == "Z" } }
}
