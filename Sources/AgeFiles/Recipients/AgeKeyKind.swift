/// A recipient kind whose keys are made only for age.
public protocol AgeKeyKind: RecipientKind {
    /// Makes a new identity; throws `CryptoError` if the random source fails.
    func makeIdentity() throws -> NewAgeIdentity
}
