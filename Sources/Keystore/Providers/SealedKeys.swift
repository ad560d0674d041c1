internal import KeyOperations

/// The keystore's own provider: keys in the sealed file, protected by the identity's passphrase.
struct SealedKeys: KeyProvider {
    static let providerID = "sealed"

    var id: String { SealedKeys.providerID }
    let title = "sealed file in the keystore"

    func key(_ request: KeyRequest) throws -> (any IdentityKey)? { request.sealedKey }
}
