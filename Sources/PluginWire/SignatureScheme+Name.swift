public import CryptoCore
internal import KeyOperations

/// The schemes that a signature format may ask for: never that of keyctl's own statements.
extension SignatureScheme {
    /// The schemes, with their names in the protocol.
    public static let offeredToPlugins: [SignatureScheme] = [
        .pkcs1(.sha256), .pkcs1(.sha512), .pss(.sha256), .pss(.sha512),
    ]

    /// The name in the protocol, such as `pss-sha512`.
    public var pluginName: String {
        String(KeyOperation.signDigest(self).description.dropFirst("sign-".count))
    }

    /// Finds a scheme by its name in the protocol.
    public init?(pluginName: String) {
        guard
            let scheme = SignatureScheme.offeredToPlugins
                .first(where: { $0.pluginName == pluginName })
        else { return nil }
        self = scheme
    }
}
