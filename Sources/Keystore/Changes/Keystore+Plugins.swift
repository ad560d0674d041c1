/// The folder of plugins.
extension Keystore {
    /// Changes the folder of plugins under the home's lock; throws what `body` throws.
    public mutating func changePlugins(_ event: String, _ body: () throws -> Void) throws {
        try change(event, nil) { _ in try body() }
    }
}
