internal import ArgumentParser
internal import Glibc

/// `keyctl audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look at the log of every use of a private key and every change, failures too.",
        discussion: """
            Each line is bound to the one before by its hash. Whoever can write your files can also \
            write the whole log anew: note its head elsewhere now and then, and compare.

            Examples:
              keyctl audit log alice
              keyctl audit verify
              keyctl audit verify --head 3f2a…
            """,
        subcommands: [AuditLogCommand.self, AuditVerifyCommand.self]
    )
}
