internal import ArgumentParser
public import KeyFormats

extension KeyName {
    /// Reads a name from the command line, so that a wrong one is a usage error.
    public static func argument(_ text: String) throws -> KeyName {
        do { return try KeyName(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
