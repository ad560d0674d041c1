public import AgeFiles
internal import CryptoCore
public import KeyFormats

/// Identities of `age-plugin-keyctl`: each names an identity of the home, and holds nothing secret
/// (docs/file-encryption.md § age-plugin-keyctl).
public enum PluginIdentity {
    /// The first byte of the data; the identity's name follows.
    private static let version: UInt8 = 1
    private static let pluginName = "keyctl"

    /// The line of an identity file that names one identity.
    public static func line(of name: KeyName) throws -> String {
        let data = [version] + Array(name.description.utf8)
        let identity = AgePlugin.Identity(try AgePluginName(pluginName), data: data)
        return identity.withText { text in
            String(decoding: SecretBytes(copying: text).publicBytes, as: UTF8.self)
        }
    }

    private static let notOurs = AgeError.key(
        "this is not an identity of keyctl",
        hint: "print it again: keyctl export NAME --age-plugin-identity"
    )

    /// The name of an identity; `nil` where it has no data, and so means all identities of the
    /// home.
    ///
    /// Throws `AgeError` where it is another plugin's, and where the data is of another version or
    /// holds no name.
    public static func name(of identity: AgePlugin.Identity) throws(AgeError) -> KeyName? {
        // Data of another plugin may be secret, and means something else.
        guard identity.plugin.description == pluginName else { throw notOurs }
        let data = identity.withData { SecretBytes(copying: $0).publicBytes }
        guard let first = data.first else { return nil }
        guard first == version, let text = String(validating: data.dropFirst(), as: UTF8.self),
            let name = try? KeyName(text)
        else { throw notOurs }
        return name
    }
}
