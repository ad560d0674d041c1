/// The providers that a keystore opens keys with.
public struct KeyProviders: Sendable {
    /// Finds a provider that is not built in; `nil` where there is none.
    public typealias Finder = @Sendable (_ id: String) throws -> (any KeyProvider)?

    /// Those that are built in; a new provider is one line here.
    public static let builtIn = KeyProviders([SealedKeys()])

    /// The providers of the table, each with an id of its own.
    public let all: [any KeyProvider]
    private let finder: Finder

    /// Takes providers, and what finds others; two of one id are a bug.
    ///
    /// `finder` is called only for an id that is not in the table.
    public init(_ all: [any KeyProvider], finder: @escaping Finder = { _ in nil }) {
        precondition(Set(all.map(\.id)).count == all.count, "two key providers have one id")
        self.all = all
        self.finder = finder
    }

    /// Finds the provider with this id; `nil` where this program has none.
    ///
    /// Throws the error of the finder.
    public func provider(_ id: String) throws -> (any KeyProvider)? {
        try all.first { $0.id == id } ?? finder(id)
    }
}
