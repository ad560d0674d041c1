/// A decoder contradicts itself: what it decoded does not survive being written and read again.
struct FuzzFault: Error {
    let message: String

    /// Throws a fault unless `condition` holds.
    static func require(_ condition: Bool, _ message: String) throws(FuzzFault) {
        guard condition else { throw FuzzFault(message: message) }
    }

    /// What `body` gives; whatever it throws is a fault.
    static func need<Value>(
        _ message: String,
        _ body: () throws -> Value
    ) throws(FuzzFault) -> Value {
        do { return try body() } catch { throw FuzzFault(message: "\(message): \(error)") }
    }
}
