/// The table of key providers, from which a keystore gets keys.
public struct KeyProviders: Sendable {
    /// The built-in providers; a new provider is one more line here.
    public static let builtIn = KeyProviders([SealedKeys()])

    /// All providers; no two have the same id.
    public let all: [any KeyProvider]

    /// Creates a table; two providers with the same id are a programming error.
    public init(_ all: [any KeyProvider]) {
        precondition(Set(all.map(\.id)).count == all.count, "two key providers have one id")
        self.all = all
    }

    /// Returns the provider with this id; `nil` if there is none.
    public func provider(_ id: String) -> (any KeyProvider)? { all.first { $0.id == id } }
}
