internal import ArgumentParser
internal import KeyFormats

/// Reads the time of an option such as `--at`.
enum TimestampArgument {
    static func read(_ text: String) throws -> Timestamp {
        do throws(KeyFormatError) { return try Timestamp(text) } catch {
            throw ValidationError(
                [error.message, error.hint].compactMap(\.self).joined(separator: ": ")
            )
        }
    }
}
