/// A line as it was entered.
struct TypedLine: Equatable, Sendable {
    /// What it says.
    let text: String
    /// Whether it begins with something that was pasted: then it is text, and no command.
    let isPasted: Bool

    init(_ text: String, isPasted: Bool = false) {
        self.text = text
        self.isPasted = isPasted
    }
}
