/// The table of signature formats.
public enum SignatureFormats {
    /// OpenSSH's format, which says whose signature it is and what for.
    public static let ssh: any SignatureFormat = SSHSignatureFormat()
    /// A signature and nothing else.
    public static let bare: any SignatureFormat = BareSignatureFormat()

    /// Every format.
    public static let all = [ssh, bare]
}
