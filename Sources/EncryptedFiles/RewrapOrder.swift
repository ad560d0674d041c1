public import KeyFormats

/// The changes that a rewrap makes in each file.
public struct RewrapOrder: Equatable, Sendable {
    /// The new recipients; if empty, the present recipients of the file stay.
    public var to: [KeyName] = []
    /// The recipients to drop.
    public var drop: [KeyName] = []
    /// Whether to use a new file key even if no recipient is dropped.
    public var isFresh = false
    /// Whether to keep the file key even if a recipient is dropped.
    public var isHeaderOnly = false

    /// Creates an order: `to` names all recipients, or `drop` the ones to drop.
    public init(
        to: [KeyName] = [],
        drop: [KeyName] = [],
        isFresh: Bool = false,
        isHeaderOnly: Bool = false
    ) {
        self.to = to
        self.drop = drop
        self.isFresh = isFresh
        self.isHeaderOnly = isHeaderOnly
    }
}
