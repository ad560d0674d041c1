/// The key of an identity's version: it signs and decrypts.
public typealias IdentityKey = DecryptingKey & SigningKey
