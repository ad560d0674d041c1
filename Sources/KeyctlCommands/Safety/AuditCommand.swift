internal import ArgumentParser
internal import Glibc

/// The command `keyctl audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show the log of every use of a private key and every change, failures included.",
        discussion: """
            Each line is bound to the one before by its hash. A person who can write your files \
            can also write a new log. So note its head elsewhere from time to time, and compare.

            Examples:
              keyctl audit log alice
              keyctl audit verify
              keyctl audit verify --head 3f2a…
            """,
        subcommands: [AuditLogCommand.self, AuditVerifyCommand.self]
    )
}
