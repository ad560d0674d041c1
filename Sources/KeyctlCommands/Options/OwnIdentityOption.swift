internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore

/// The option that names one of the user's own identities.
struct OwnIdentityOption: ParsableArguments {
    @Option(
        help: "Name of the identity (default: your only one).",
        transform: KeyName.argument
    )
    var user: KeyName?

    func record(_ keystore: Keystore) throws -> IdentityRecord {
        try user.map { try keystore.record($0) } ?? keystore.defaultRecord()
    }
}
