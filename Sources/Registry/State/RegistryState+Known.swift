public import KeyFormats

/// The identities that can be used.
extension RegistryState {
    /// Returns the identity with this name; throws `RegistryError` if it is unknown or removed.
    public func known(_ name: KeyName) throws(RegistryError) -> RegisteredIdentity {
        guard let identity = identity(name), !identity.isRemoved else {
            throw RegistryError.unknownName(name)
        }
        return identity
    }

    /// Returns the error of a frozen name; `nil` if the identity has no fork.
    package func frozenError(_ identity: RegisteredIdentity) -> RegistryError? {
        identity.fork.map { one, other in
            RegistryError.fork(
                identity.name,
                one?.description ?? "?",
                other?.description ?? "?"
            )
        }
    }
}
