public import KeyOperations
public import Stanzas

/// A private key that a provider keeps.
public struct KeyDescription: Sendable, Hashable {
    static let type = "key"

    /// What the provider finds the key by; it is public.
    public let reference: [UInt8]
    /// What a person does before each use.
    public let confirmation: KeyCapabilities.Confirmation
    /// Whether a program may use the key while nobody watches.
    public let allowsUnattendedUse: Bool
    /// What the key can do.
    public let operations: Set<KeyOperation>
    /// The public half as SubjectPublicKeyInfo (DER).
    public let publicKey: [UInt8]

    /// Describes a key; the reference has 1 to 4,096 bytes.
    public init(
        reference: [UInt8],
        confirmation: KeyCapabilities.Confirmation,
        allowsUnattendedUse: Bool,
        operations: Set<KeyOperation>,
        publicKey: [UInt8]
    ) {
        self.reference = reference
        self.confirmation = confirmation
        self.allowsUnattendedUse = allowsUnattendedUse
        self.operations = operations
        self.publicKey = publicKey
    }

    /// The frame.
    public var stanza: Stanza {
        Stanza(
            KeyDescription.type,
            [
                Words.encode(reference), confirmation.rawValue, allowsUnattendedUse ? "yes" : "no",
            ] + operations.map(\.description).sorted(),
            body: StanzaBody(publicKey)
        )
    }

    init(_ stanza: Stanza) throws(WireError) {
        var words = Words(stanza)
        reference = try words.bytes("reference", limit: PluginLimits.referenceByteCount)
        let confirmation = KeyCapabilities.Confirmation(rawValue: try words.word("confirmation"))
        let unattended = try words.word("unattended")
        guard let confirmation, ["yes", "no"].contains(unattended) else {
            throw WireError.form(stanza.type, "confirmation")
        }
        self.confirmation = confirmation
        allowsUnattendedUse = unattended == "yes"
        operations = Set(words.remaining.compactMap(KeyOperation.init(pluginName:)))
        publicKey = try stanza.bytes("public key", limit: PluginLimits.publicKeyByteCount)
    }
}

extension KeyOperation {
    /// Finds an operation by its name, such as `sign-pkcs1-sha512`; `nil` if this program does not
    /// know it.
    public init?(pluginName: String) {
        guard let operation = KeyOperation.all.first(where: { $0.description == pluginName })
        else { return nil }
        self = operation
    }
}
