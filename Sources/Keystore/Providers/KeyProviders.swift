/// The providers that a keystore opens keys with.
public struct KeyProviders: Sendable {
    /// Those that are built in; a new provider is one line here.
    public static let builtIn = KeyProviders([SealedKeys()])

    /// Each with an id of its own.
    public let all: [any KeyProvider]

    /// Takes providers; two of one id are a bug.
    public init(_ all: [any KeyProvider]) {
        precondition(Set(all.map(\.id)).count == all.count, "two key providers have one id")
        self.all = all
    }

    /// The provider with this id; `nil` where this program has none.
    public func provider(_ id: String) -> (any KeyProvider)? { all.first { $0.id == id } }
}
