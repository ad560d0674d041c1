internal import KeyFormats
internal import Registry

/// A name with what other programs may know of it.
struct ExportedPerson {
    let name: KeyName
    let identity: RegisteredIdentity

    init(_ identity: RegisteredIdentity) {
        name = identity.name
        self.identity = identity
    }

    /// The key in use; none where it has expired, or is weak.
    func active(at now: Timestamp) -> ActiveKey? {
        guard let version = identity.version(for: .encrypt, at: now),
            let key = try? version.publicKey()
        else { return nil }
        return ActiveKey(name: name, key: key, expires: version.expires)
    }

    /// ssh-keygen(1): each key counts for signatures from its own time.
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
    /// As OpenSSH writes a time: `20261121120000Z`.
    var openSSHDigits: String { description.filter { $0.isNumber || $0 == "Z" } }
}
