internal import CryptoCore

/// The place of a version's private key: a provider, and a reference that only the provider
/// understands.
public struct KeyPlace: Sendable, Hashable {
    /// The keystore's own sealed file.
    ///
    /// It needs no reference, because the file lists its versions.
    public static let sealed = KeyPlace(sealedBy: SealedKeys.providerID)
    /// The largest reference, in bytes.
    public static let largestReferenceByteCount = 4 << 10
    private static let largestProviderCharacterCount = 32

    /// The provider's id.
    public let provider: String
    /// The reference with which the provider finds the key; it is public.
    public let reference: [UInt8]

    private init(sealedBy provider: String) {
        self.provider = provider
        reference = []
    }

    /// Creates the place of a key that another provider than the keystore has.
    ///
    /// Returns `nil` unless the id has 1 to 32 characters of `a` to `z`, `0` to `9` and `-`, and
    /// the reference has 1 byte to 4 KiB.
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

    /// The text in the identity file: `sealed`, or `<provider>:<base64>`.
    var text: String {
        self == .sealed ? provider : "\(provider):\(Base64.encode(reference))"
    }

    /// Reads a text that `text` returned; `nil` for other texts.
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
