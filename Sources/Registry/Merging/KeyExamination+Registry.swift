public import KeyFormats

extension KeyExamination {
    /// Compares with every key of a registry.
    public init(_ registry: RegistryState, compromised: CompromisedKeys) {
        let known = registry.all.flatMap { identity in
            identity.versions.map { (name: identity.name.description, keyDER: $0.keyDER) }
        }
        self.init(known: known, compromised: compromised)
    }
}
