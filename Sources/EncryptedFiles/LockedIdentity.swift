internal import AgeFiles
internal import CryptoCore
internal import KeyFormats

/// A private key file with a passphrase.
///
/// It asks for the passphrase when a stanza may be for the key.
final class LockedIdentity: AgeIdentity {
    let name: String
    private let locked: any LockedPrivateKey
    private let tag: String?
    private let user: any UserDialogue
    private var opened: AgeSSHRSA.Identity?

    init(_ locked: any LockedPrivateKey, name: String, user: any UserDialogue) {
        self.name = name
        self.locked = locked
        tag = locked.publicKey.map { AgeSSHRSA.tag(of: $0) }
        self.user = user
    }

    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
        guard stanza.type == AgeSSHRSA.type, tag == nil || stanza.arguments.first == tag else {
            return nil
        }
        return try open().unwrap(stanza)
    }

    func makeRecipient() throws -> (any AgeRecipient)? {
        guard let key = locked.publicKey else { return try open().makeRecipient() }
        return AgeSSHRSA.Recipient(key, name: key.fingerprint.description)
    }

    private func open() throws -> AgeSSHRSA.Identity {
        if let opened { return opened }
        let key = try user.unlock(locked, name: name)
        let identity = try AgeSSHRSA.Identity(key, name: name)
        opened = identity
        return identity
    }
}
