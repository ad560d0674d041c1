internal import ArgumentParser
internal import KeyFormats

enum LifetimeArgument {
    static func read(_ text: String) throws -> Lifetime {
        do { return try Lifetime(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
