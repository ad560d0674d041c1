internal import CryptoCore
internal import KeyFormats

extension Statement {
    /// The statement in words, with the names that a registry knows; it may hold texts from
    /// elsewhere, which are made printable.
    public func summary(in state: RegistryState) -> String {
        func name(_ id: SHA256Digest) -> String {
            state.identity(id: id)?.name.description ?? "identity \(id.description.prefix(16))"
        }
        func fingerprint(_ key: [UInt8]) -> String {
            (try? PublicKey(spkiDER: key, allowingWeak: true).fingerprint.description) ?? "?"
        }
        switch act {
        case .register(let name, let key, _): return "register \(name) \(fingerprint(key))"
        case .replace(let name, let key, _): return "REPLACE \(name) \(fingerprint(key))"
        case .remove(let name): return "remove \(name)"
        case .assign(let name, let role): return "role of \(name): \(role.rawValue)"
        case .disown(let name, let version, let since, let reason):
            return "revoke \(name) version \(version), by the owner"
                + (since.map { ", since \($0)" } ?? "")
                + (reason.isEmpty ? "" : ": \(Printable.text(reason))")
        case .rotate(let rotation):
            return "rotate \(name(rotation.id)) to version \(rotation.to) "
                + fingerprint(rotation.newKey)
        case .amend(let amendment):
            switch amendment.change {
            case .renew(let expires):
                return "renew \(name(amendment.id)) version \(amendment.version) until "
                    + (expires?.description ?? "never")
            case .retire: return "retire \(name(amendment.id)) version \(amendment.version)"
            }
        case .revoke(let revocation):
            let holder = state.holders(of: revocation.fingerprint).first
            let whose = holder?.identity.name.description ?? name(revocation.id)
            let version = holder?.version.number ?? revocation.version
            return "revoke \(whose) version \(version), by itself"
                + (revocation.reason.isEmpty ? "" : ": \(Printable.text(revocation.reason))")
        case .verify(let name, let key): return "verified \(name) \(key), in person"
        case .unverify(let name): return "verified \(name) no longer"
        case .join(let group, let name): return "\(name) joins the group \(group)"
        case .leave(let group, let name): return "\(name) leaves the group \(group)"
        case .sign(let record):
            return "signature \(record.digest.description.prefix(16))… by \(name(record.id)) "
                + "version \(record.version)"
        }
    }
}
