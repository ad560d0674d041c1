/// The attack could not be made, because something was missing.
package struct AttackError: Error, CustomStringConvertible {
    /// What was missing.
    package let description: String

    private init(_ description: String) { self.description = description }

    package static func missing(_ what: String) -> AttackError {
        AttackError("the attack did not take place: \(what)")
    }

    static func failed(_ arguments: [String], _ errors: String) -> AttackError {
        AttackError("\(arguments.joined(separator: " ")) failed: \(errors)")
    }
}
