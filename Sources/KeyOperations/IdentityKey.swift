/// The private key of an identity's version, which signs and decrypts.
public typealias IdentityKey = DecryptingKey & SigningKey
