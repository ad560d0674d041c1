import CryptoCore
import KeyOperations
import Keystore
import TestSupport

/// A key provider that keeps keys by number and lets nobody read them.
struct TokenProvider: KeyProvider {
    let id = "token"
    let title = "token of a test"
    /// The keys; a reference is the index of one.
    let keys: [RSAPrivateKey]
    /// What a person must do before each use.
    var confirmation = KeyCapabilities.Confirmation.none

    static func place(_ index: UInt8) throws -> KeyPlace {
        guard let place = KeyPlace(provider: "token", reference: [index]) else {
            throw TokenError.noPlace
        }
        return place
    }

    func key(_ request: KeyRequest) throws -> (any IdentityKey)? {
        guard request.reference.count == 1, let index = request.reference.first,
            keys.indices.contains(Int(index))
        else { return nil }
        return OperationKey(keys[Int(index)], confirmation: confirmation)
    }

    enum TokenError: Error { case noPlace }
}
