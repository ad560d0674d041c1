public import KeyOperations

/// A provider that makes keys, and can list those that it has.
public protocol KeyMaker: KeyProvider {
    /// Makes a key of so many bits; `label` says for people whose it is, `place` is what the user
    /// wrote behind the provider's name.
    ///
    /// Throws the provider's error where it cannot.
    func make(bitCount: Int, label: String, where place: String?) throws -> ProvidedKey
    /// The keys that are there.
    func existing(where place: String?) throws -> [ProvidedKey]
    /// Removes a key for good.
    func remove(_ place: KeyPlace) throws
}

/// A key with the place where its provider keeps it.
public struct ProvidedKey: Sendable {
    /// The key.
    public let key: any IdentityKey
    /// Where it is.
    public let place: KeyPlace

    /// Stores both.
    public init(key: any IdentityKey, place: KeyPlace) {
        self.key = key
        self.place = place
    }
}
