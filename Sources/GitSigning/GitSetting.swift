/// One variable of git's configuration (git-config(1)).
public struct GitSetting: Sendable, Hashable {
    /// The variable's name, such as `gpg.format`.
    public let name: String
    /// Its value.
    public let value: String
}
