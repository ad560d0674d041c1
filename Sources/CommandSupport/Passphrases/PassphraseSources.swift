/// The table of passphrase sources.
public enum PassphraseSources {
    static let file = FilePassphrases()
    static let descriptor = DescriptorPassphrases()
    static let environment = EnvironmentPassphrases()
    static let command = CommandPassphrases()
    static let credential = CredentialPassphrases()
    static let pinentry = PinentryPassphrases()

    /// All kinds of sources.
    public static let all: [any PassphraseSourceKind] = [
        file, descriptor, environment, command, credential, pinentry,
    ]
}
