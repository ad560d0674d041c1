/// A line that the user entered.
struct TypedLine: Equatable, Sendable {
    /// The text of the line.
    let text: String
    /// Whether the line begins with pasted text; then it is text and not a command.
    let isPasted: Bool

    init(_ text: String, isPasted: Bool = false) {
        self.text = text
        self.isPasted = isPasted
    }
}
