/// A decoder contradicts itself: what it decoded is different after writing and reading it again.
struct FuzzFault: Error {
    let message: String

    /// Throws a fault unless `condition` holds.
    static func require(_ condition: Bool, _ message: String) throws(FuzzFault) {
        guard condition else { throw FuzzFault(message: message) }
    }

    /// Returns the result of `body`.
    ///
    /// Any error of `body` is a fault.
    static func need<Value>(
        _ message: String,
        _ body: () throws -> Value
    ) throws(FuzzFault) -> Value {
        do { return try body() } catch { throw FuzzFault(message: "\(message): \(error)") }
    }
}
