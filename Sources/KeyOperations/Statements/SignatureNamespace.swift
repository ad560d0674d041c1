/// Namespaces of SSHSIG signatures that have a meaning for keyctl itself.
public enum SignatureNamespace {
    /// That of the signature of a plugin's file, which lets the file run.
    public static let plugin = "keyctl-plugin"
}
