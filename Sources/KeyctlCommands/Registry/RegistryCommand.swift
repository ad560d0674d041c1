internal import ArgumentParser

/// The command `keyctl registry`.
struct RegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract: "Show the log of keys, sign it, make proofs, compare it with other logs.",
        discussion: """
            The registry is a log that only grows: a Merkle tree over its lines, and a checkpoint \
            that its owner signs. A person who has an earlier checkpoint notices if the history \
            is rewritten.

            Examples:
              keyctl registry log alice
              keyctl registry checkpoint && keyctl registry export --out team.registry
              keyctl registry import team.registry --owner server
              keyctl registry prove alice --out alice.proof
              keyctl registry check alice.proof --owner server.pub
            """,
        subcommands: [
            RegistryLogCommand.self, RegistryShowCommand.self, RegistryDiffCommand.self,
            RegistryVerifyCommand.self, RegistryCheckpointCommand.self, RegistryProveCommand.self,
            RegistryCheckCommand.self, RegistryExportCommand.self, RegistryImportCommand.self,
            RegistryMergeCommand.self,
        ]
    )
}
