internal import KeyFormats

/// A revoked key.
struct RevokedKey {
    /// The name that the registry has for the key.
    let name: KeyName
    /// The key.
    let key: PublicKey
    /// The time of the revocation.
    let time: Timestamp

    /// A line of allowed_signers by which ssh-keygen finds the name but accepts no signature.
    ///
    /// git asks `ssh-keygen -Y find-principals` first. If no line has the key, git reports a good
    /// signature of an unknown person. A line whose validity has ended would not help: the time
    /// that git compares is the date of the commit, which the signer chooses. So the line has no
    /// end, and its pattern of namespaces excludes every namespace.
    var allowedSignersLine: String { "\(name) namespaces=\"!*\" \(key.openSSHLine)" }
}
