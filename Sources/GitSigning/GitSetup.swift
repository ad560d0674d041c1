public import KeyFormats

/// What `keyctl git setup` writes into git's configuration: git(1)'s signing with SSH keys, with
/// files that `keyctl sync` keeps.
public struct GitSetup: Sendable {
    /// The variables, in the order in which they are written.
    ///
    /// Those that accept signatures come last: until they are there, git accepts none.
    public let settings: [GitSetting]

    /// The variables for a folder of `keyctl sync` and a person.
    ///
    /// `home` is the home of the keystore, for `keyctl-ssh-sign`. `program` makes and checks signatures in the manner of `ssh-keygen -Y`; `nil` stands for
    /// ssh-keygen itself. With `signsAlways`, git signs every commit and tag.
    public init(
        home: String,
        folder: String,
        user: KeyName,
        program: String?,
        signsAlways: Bool
    ) {
        var settings = [
            GitSetting(name: GitSetup.homeName, value: home),
            GitSetting(name: "gpg.format", value: "ssh"),
            GitSetting(name: "user.signingkey", value: "\(folder)/ssh/\(user).pub"),
        ]
        if let program { settings.append(GitSetting(name: "gpg.ssh.program", value: program)) }
        if signsAlways {
            settings.append(GitSetting(name: "commit.gpgsign", value: "true"))
            settings.append(GitSetting(name: "tag.gpgsign", value: "true"))
        }
        settings.append(
            GitSetting(name: "gpg.ssh.revocationFile", value: "\(folder)/revoked_keys")
        )
        settings.append(
            GitSetting(name: "gpg.ssh.allowedSignersFile", value: "\(folder)/allowed_signers")
        )
        self.settings = settings
    }

    /// The variable with the path of the home.
    public static let homeName = "keyctl.home"

    /// Every variable that a setup may have written: those that `--undo` looks at.
    public static let names = [
        "gpg.ssh.allowedSignersFile", "gpg.ssh.revocationFile", "tag.gpgsign", "commit.gpgsign",
        "gpg.ssh.program", "user.signingkey", "gpg.format", homeName,
    ]

    /// The ids of the exporters whose files git needs.
    public static let exporters = ["allowed_signers", "revoked_keys", "ssh"]
}
