public import ArgumentParser

/// The root command of `keyctl`.
public struct Keyctl: ParsableCommand {
    /// The version of both programs.
    public static let version = "0.1.0"

    /// What the parser shows and accepts.
    public static let configuration = CommandConfiguration(
        commandName: "keyctl",
        abstract: "Make, keep and exchange RSA identities.",
        discussion: """
            Examples:
              keyctl gen --user alice          make a key pair, sealed with a passphrase
              keyctl export alice              print the public key, to hand it out
              keyctl import server.pub         register another person's public key
              keyctl list                      list all keys
              keyctl rotate                    make a new key, signed by the old one
              keyctl encrypt -r bob plan.pdf -o plan.pdf.age
              keyctl sign -n file plan.pdf     and keyctl verify -n file plan.pdf

            Keys and the registry live in $KEYCTL_HOME, else in ~/.local/share/keyctl.
            Exit status: 0 done, 1 failed, 2 did not verify, 3 something is due, 64 misused.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Keys",
                subcommands: [
                    GenCommand.self, ImportCommand.self, ExportCommand.self, ListCommand.self,
                    ShowCommand.self, PasswdCommand.self, RemoveCommand.self, DoctorCommand.self,
                ]
            ),
            CommandGroup(
                name: "Their life",
                subcommands: [
                    RotateCommand.self, PromoteCommand.self, RenewCommand.self,
                    RetireCommand.self, RevokeCommand.self, DestroyCommand.self,
                    PolicyCommand.self, DueCommand.self,
                ]
            ),
            CommandGroup(
                name: "Registry and people",
                subcommands: [
                    RegistryCommand.self, GroupCommand.self, RoleCommand.self,
                    VerifyContactCommand.self, SyncCommand.self,
                ]
            ),
            CommandGroup(
                name: "Safety",
                subcommands: [BackupCommand.self, RestoreCommand.self, AuditCommand.self]
            ),
            CommandGroup(
                name: "Files",
                subcommands: [
                    EncryptCommand.self, DecryptCommand.self, RewrapCommand.self,
                    GenAgeCommand.self, SignCommand.self, VerifyCommand.self,
                ]
            ),
            CommandGroup(
                name: "Formats",
                subcommands: [
                    ConvertCommand.self, InspectCommand.self, FingerprintCommand.self,
                    TokenCommand.self, PluginCommand.self,
                ]
            ),
        ]
    )

    /// The names of all commands, which no command `keyctl-NAME` may have.
    static var commandNames: Set<String> {
        var names: Set<String> = ["help"]
        for command in configuration.subcommands {
            let own = command.configuration
            if let name = own.commandName { names.insert(name) }
            names.formUnion(own.aliases)
        }
        return names
    }

    /// For the parser, which fills the fields in.
    public init() {}
}
