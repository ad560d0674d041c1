/// What a private key can do, and on what terms.
public struct KeyCapabilities: Sendable, Hashable {
    /// What a person must do before each use.
    public enum Confirmation: String, Sendable {
        /// Nothing.
        case none
        /// Answer a question, such as a PIN.
        case prompt
        /// Touch the device.
        case touch
    }

    /// The operations that the key offers.
    public let operations: Set<KeyOperation>
    /// What a person must do before each use.
    public let confirmation: Confirmation
    /// Whether the key's numbers can leave its holder: for an export, or to be sealed anew.
    public let isExportable: Bool
    /// Whether a program may use the key while nobody watches; never where a person must confirm.
    public let allowsUnattendedUse: Bool

    /// Takes what a key can do.
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

    /// Those of a key whose numbers are in this process.
    public static let material = KeyCapabilities(
        operations: KeyOperation.all,
        confirmation: .none,
        isExportable: true,
        allowsUnattendedUse: true
    )
}
