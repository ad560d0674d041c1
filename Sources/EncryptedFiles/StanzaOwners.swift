public import AgeFiles
public import Keystore
public import Registry

/// Finds the owners of a file's stanzas in a registry.
public struct StanzaOwners {
    private static let namedCount = 20

    private let versionsByTag: [String: [KnownVersion]]

    /// Reads all versions of a registry once, with removed identities and replaced keys.
    public init(_ registry: RegistryState) {
        var table: [String: [KnownVersion]] = [:]
        for identity in registry.all {
            for version in identity.former + identity.versions {
                guard let key = try? version.storedKey() else { continue }
                // The identity that has the key now takes precedence over one that had it before.
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

    /// Returns the owner of a stanza; `unknownKey` if two keys share its tag.
    public func owner(of stanza: AgeStanza) -> StanzaOwner {
        guard stanza.type == AgeSSHRSA.type else { return .otherKind }
        guard let found = AgeSSHRSA.tag(of: stanza).flatMap({ versionsByTag[$0] }),
            found.count == 1
        else { return .unknownKey }
        return .known(found[0])
    }

    /// Returns the names of the stanzas' owners for messages, one text per stanza.
    public func names(of stanzas: [AgeStanza]) -> [String] {
        stanzas.map { stanza in
            guard let found = AgeSSHRSA.tag(of: stanza).flatMap({ versionsByTag[$0]?.first }) else {
                return RecipientKinds.name(of: stanza)
            }
            return "\(found.name), version \(found.version)"
        }
    }

    /// Returns the error for a file that no identity of a keystore opens.
    ///
    /// `withRevoked` says whether revoked versions were tried.
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
