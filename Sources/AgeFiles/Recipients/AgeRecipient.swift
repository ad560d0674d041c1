/// Somebody for whom a file is encrypted: one of the two interfaces that carry all of age.
public protocol AgeRecipient {
    /// What it is called in messages.
    var name: String { get }
    /// Whether it must be a file's only recipient.
    var mustBeAlone: Bool { get }
    /// Wraps a file key.
    func wrap(_ fileKey: RawSpan) throws -> AgeStanza
}

extension AgeRecipient {
    /// Most recipients stand beside others.
    public var mustBeAlone: Bool { false }
}
