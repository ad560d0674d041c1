public import KeyFormats

/// What is asked of every file of a rewrap.
public struct RewrapOrder: Equatable, Sendable {
    /// Exactly these people; empty: the people that a file is for now.
    public var to: [KeyName] = []
    /// These people no longer.
    public var drop: [KeyName] = []
    /// A fresh file key, even where everybody stays.
    public var isFresh = false
    /// The old file key, even where somebody is dropped.
    public var isHeaderOnly = false

    /// Asks for exactly `to`, or for all but `drop`.
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
