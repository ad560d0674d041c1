/// The table of signature formats.
public enum SignatureFormats {
    /// SSHSIG, the format of `ssh-keygen -Y sign`: it names the key and the namespace.
    public static let ssh: any SignatureFormat = SSHSignatureFormat()
    /// A bare RSASSA-PSS signature (RFC 8017 § 8.1) with SHA3-512 and a salt of 64 bytes: it names
    /// neither a key nor a namespace.
    public static let bare: any SignatureFormat = BareSignatureFormat()

    /// All formats.
    public static let all = [ssh, bare]
}
