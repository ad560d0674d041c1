internal import CryptoCore

/// Where a version's private key is kept: a provider, and a reference that only it understands.
public struct KeyPlace: Sendable, Hashable {
    /// The keystore's own sealed file: no reference, as the file names its versions itself.
    public static let sealed = KeyPlace(sealedBy: SealedKeys.providerID)
    /// Largest reference, in bytes.
    public static let largestReferenceByteCount = 4 << 10
    private static let largestProviderCharacterCount = 32

    /// The provider's id.
    public let provider: String
    /// What the provider finds the key by; it is public, and no secret stands in it.
    public let reference: [UInt8]

    private init(sealedBy provider: String) {
        self.provider = provider
        reference = []
    }

    /// Names a place with another provider than the keystore itself.
    ///
    /// `nil` unless the id is 1 to 32 of `a` to `z`, `0` to `9` and `-`, and the reference is 1 byte
    /// to 4 KiB.
    public init?(provider: String, reference: [UInt8]) {
        let characters = provider.utf8
        guard provider != SealedKeys.providerID,
            (1...KeyPlace.largestProviderCharacterCount).contains(characters.count),
            characters.allSatisfy({ KeyPlace.characters.contains($0) }),
            (1...KeyPlace.largestReferenceByteCount).contains(reference.count)
        else { return nil }
        self.provider = provider
        self.reference = reference
    }

    private static let characters = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

    /// As the identity file writes it: `sealed`, or `<provider>:<base64>`.
    var text: String {
        self == .sealed ? provider : "\(provider):\(Base64.encode(reference))"
    }

    /// Reads what `text` writes; `nil` for everything else.
    init?(_ text: Substring) {
        if text == KeyPlace.sealed.text {
            self = .sealed
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let reference = Base64.decode(parts[1]) else { return nil }
        self.init(provider: String(parts[0]), reference: reference)
    }
}
