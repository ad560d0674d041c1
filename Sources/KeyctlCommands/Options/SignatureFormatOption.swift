internal import ArgumentParser
internal import CommandSupport
internal import Signatures

/// Which format a signature has.
struct SignatureFormatOption: ParsableArguments {
    @Flag(help: "A bare signature: RSA-PSS with SHA3-512; the same as --format raw.")
    var raw = false
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp(
            "The format: sshsig (default), raw, or the id of a trusted plugin.",
            valueName: "format"
        )
    )
    var id: String?

    func validate() throws {
        guard !raw || id == nil else {
            throw ValidationError("--raw and --format cannot be used together")
        }
    }

    /// The format; throws `CommandError` if it has no namespaces and one was given.
    func format(_ global: GlobalOptions, namespace: String?) throws -> any SignatureFormat {
        let id = raw ? SignatureFormats.bare.id : self.id ?? SignatureFormats.ssh.id
        let format = try global.signatureFormat(id)
        guard namespace == nil || format.hasNamespace else {
            throw CommandError.usage(
                "a signature of the format \"\(id)\" has no namespace: -n cannot be used with it"
            )
        }
        return format
    }
}
