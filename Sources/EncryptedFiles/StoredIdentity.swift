public import AgeFiles
public import CryptoCore
public import KeyFormats
public import Keystore
internal import Registry

/// One version of the user's own identity, which opens files.
public struct StoredIdentity: AgeIdentity {
    /// The name in messages.
    public let name: String
    private let version: Int
    private let tag: String
    private let unlocking: IdentityUnlocking

    /// Returns the versions that may open a file, the newest of each identity first.
    ///
    /// `name` chooses one identity; with `nil`, all identities are used. An identity is unlocked
    /// when a stanza is for it.
    public static func all(
        in keystore: Keystore,
        of name: KeyName?,
        withRevoked: Bool,
        user: any UserDialogue
    ) throws -> [StoredIdentity] {
        let records = try name.map { [try keystore.record($0)] } ?? keystore.records()
        return try records.flatMap { record -> [StoredIdentity] in
            let unlocking = IdentityUnlocking(record: record, keystore: keystore, user: user)
            return try record.identity.versions.reversed().compactMap { version in
                guard withRevoked || !version.isRevoked else { return nil }
                return try StoredIdentity(version, unlocking)
            }
        }
    }

    private init(_ version: RegisteredVersion, _ unlocking: IdentityUnlocking) throws {
        let state =
            switch version.state {
            case .active: ""
            case .retired: " (retired)"
            case .revoked: " (REVOKED)"
            }
        self.version = version.number
        name = "\(unlocking.record.name), version \(version.number)\(state)"
        tag = AgeSSHRSA.tag(of: try version.storedKey())
        self.unlocking = unlocking
    }

    /// Whether the stanza has the tag of this version; another key may have the same tag.
    public func isTagged(in stanza: AgeStanza) -> Bool {
        stanza.type == AgeSSHRSA.type && stanza.arguments == [tag]
    }

    /// Unwraps the file key; returns `nil` if the stanza is not for this version.
    ///
    /// Throws if the identity cannot be unlocked.
    public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
        guard isTagged(in: stanza),
            let key = try unlocking.identity().key(version: version)
        else { return nil }
        return try AgeSSHRSA.Identity(key, name: name).unwrap(stanza)
    }
}
