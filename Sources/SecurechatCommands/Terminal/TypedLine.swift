/// A line as it was entered.
package struct TypedLine: Equatable, Sendable {
    /// What it says.
    package let text: String
    /// Whether it begins with something that was pasted: then it is text, and no command.
    package let isPasted: Bool

    package init(_ text: String, isPasted: Bool = false) {
        self.text = text
        self.isPasted = isPasted
    }
}
