internal import CryptoCore
internal import KeyFormats
internal import Registry

extension ExportedKeys {
    /// The keys as lines of text, for exporters that are plugins.
    ///
    /// docs/plugin-protocol.md says what is in a line. Active and retired keys come first, sorted by
    /// name and version, and then the revoked ones.
    public var lines: [UInt8] {
        var lines = people.flatMap { $0.lines(at: time) }
        // By time, so that a new one comes last.
        for key in revoked.sorted(by: { $0.time < $1.time }) {
            lines.append("revoked \(key.name) - \(key.time) - \(Base64.encode(key.key.spkiDER))")
        }
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}

extension ExportedPerson {
    /// The key in use, and those that were in use before.
    fileprivate func lines(at now: Timestamp) -> [String] {
        let active = active(at: now)?.key
        let versions = identity.versions
        return versions.indices.compactMap { index in
            let version = versions[index]
            guard !version.isRevoked, let key = try? version.publicKey() else { return nil }
            let text = Base64.encode(key.spkiDER)
            if key == active {
                let expires = version.expires.map { "\($0)" } ?? "-"
                return "active \(name) \(version.number) \(version.since) \(expires) \(text)"
            }
            let next = index + 1 < versions.count ? versions[index + 1].since : nil
            let end = [next, version.expires].compactMap(\.self).min()
            // A key that ended without a successor and without a date ended now.
            let until = min(end ?? now, now)
            return "retired \(name) \(version.number) \(version.since) \(until) \(text)"
        }
    }
}
