/// The operations that a private key offers, and the conditions of its use.
public struct KeyCapabilities: Sendable, Hashable {
    /// What the user must do before each use.
    public enum Confirmation: String, Sendable {
        /// The user need not do anything.
        case none
        /// The user must answer a question, for example type a PIN.
        case prompt
        /// The user must touch the device.
        case touch
    }

    /// The operations that the key offers.
    public let operations: Set<KeyOperation>
    /// What the user must do before each use.
    public let confirmation: Confirmation
    /// Whether the key's numbers can be read, for an export or for sealing them again.
    public let isExportable: Bool
    /// Whether a program may use the key without a user; `false` if a user must confirm each use.
    public let allowsUnattendedUse: Bool

    /// Creates the capabilities of a key.
    public init(
        operations: Set<KeyOperation>,
        confirmation: Confirmation,
        isExportable: Bool,
        allowsUnattendedUse: Bool
    ) {
        self.operations = operations
        self.confirmation = confirmation
        self.isExportable = isExportable
        self.allowsUnattendedUse = allowsUnattendedUse && confirmation == .none
    }

    /// The capabilities of a key whose numbers are in this process.
    public static let material = KeyCapabilities(
        operations: KeyOperation.all,
        confirmation: .none,
        isExportable: true,
        allowsUnattendedUse: true
    )
}
