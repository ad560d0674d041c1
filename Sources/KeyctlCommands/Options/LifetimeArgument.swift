internal import ArgumentParser
internal import KeyFormats

/// Reads the lifetime of an option such as `--expires`.
enum LifetimeArgument {
    static func read(_ text: String) throws -> Lifetime {
        do { return try Lifetime(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
