/// The table of signature formats.
public enum SignatureFormats {
    /// OpenSSH's format, which contains the signer's key and the namespace.
    public static let ssh: any SignatureFormat = SSHSignatureFormat()
    /// A signature without any other data.
    public static let bare: any SignatureFormat = BareSignatureFormat()

    /// All signature formats.
    public static let all = [ssh, bare]
}
