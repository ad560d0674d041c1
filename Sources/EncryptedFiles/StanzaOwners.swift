public import AgeFiles
public import Keystore
public import Registry

/// Whose keys the stanzas of a file are for, as far as a registry tells.
public struct StanzaOwners {
    private static let namedCount = 20

    private let versionsByTag: [String: [KnownVersion]]

    /// Looks every version of a registry up once; those of removed names, and those from before a
    /// replacement, are among them.
    public init(_ registry: RegistryState) {
        var table: [String: [KnownVersion]] = [:]
        for identity in registry.all {
            for version in identity.former + identity.versions {
                guard let key = try? version.storedKey() else { continue }
                // The name that has the key today comes before a name that had it.
                let holder = registry.identity(keyDER: version.keyDER)
                guard holder == nil || holder?.name == identity.name else { continue }
                table[AgeSSHRSA.tag(of: key), default: []].append(
                    KnownVersion(
                        name: identity.name,
                        version: version.number,
                        current: identity.active?.number,
                        isCurrent: identity.active?.keyDER == version.keyDER,
                        isTrusted: !version.isRevoked && !identity.isRemoved
                            && identity.version(version.number)?.keyDER == version.keyDER,
                        isRemoved: identity.isRemoved
                    )
                )
            }
        }
        versionsByTag = table
    }

    /// Whose a stanza is; a tag of two keys is nobody's.
    public func owner(of stanza: AgeStanza) -> StanzaOwner {
        guard stanza.type == AgeSSHRSA.type else { return .otherKind }
        guard let found = AgeSSHRSA.tag(of: stanza).flatMap({ versionsByTag[$0] }),
            found.count == 1
        else { return .unknownKey }
        return .known(found[0])
    }

    /// What the owners of stanzas are called in messages, one text a stanza.
    public func names(of stanzas: [AgeStanza]) -> [String] {
        stanzas.map { stanza in
            guard let found = AgeSSHRSA.tag(of: stanza).flatMap({ versionsByTag[$0]?.first }) else {
                return RecipientKinds.name(of: stanza)
            }
            return "\(found.name), version \(found.version)"
        }
    }

    /// The error for a file that no identity of a keystore opens; `withRevoked` says whether its
    /// revoked versions were tried.
    public func noMatch(
        _ header: AgeHeader,
        in keystore: Keystore,
        withRevoked: Bool
    ) throws -> AgeError {
        var names = names(of: header.stanzas)
        if names.count > StanzaOwners.namedCount {
            let left = names.count - StanzaOwners.namedCount
            names = names.prefix(StanzaOwners.namedCount) + ["and \(left) more"]
        }
        let tags = Set(header.stanzas.compactMap { AgeSSHRSA.tag(of: $0) })
        let revoked = try keystore.records().contains { record in
            record.identity.versions.contains { version in
                version.isRevoked
                    && (try? version.storedKey()).map { tags.contains(AgeSSHRSA.tag(of: $0)) }
                        == true
            }
        }
        return AgeError.noMatch(
            "none of your keys opens this file: it is for \(names.joined(separator: "; "))",
            hint: revoked && !withRevoked
                ? "a revoked key of yours may open it: add --with-revoked, and then run keyctl "
                    + "rewrap"
                : "use -i for a key file, or --home for another keystore"
        )
    }
}
