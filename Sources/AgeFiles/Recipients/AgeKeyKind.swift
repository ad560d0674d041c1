/// A recipient kind whose keys are made for age alone.
public protocol AgeKeyKind: RecipientKind {
    /// Makes a new identity; throws `CryptoError` where there are no random numbers.
    func makeIdentity() throws -> NewAgeIdentity
}
