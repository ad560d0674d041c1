internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The steps that `registry import` and `registry merge` share.
enum RegistryTransfer {
    static func take(
        _ path: String,
        _ option: OwnerOption,
        _ global: GlobalOptions,
        _ keystore: inout Keystore
    ) throws -> (
        verified: VerifiedRegistry, owner: RegisteredIdentity, outcome: RegistryMirror.Outcome
    ) {
        let file = try RegistryFileReader.read(path)
        let owner = try option.identity(file.note, global)
        let verified = try file.verified(by: RegistryOwner(owner, withRetired: false), at: .now)
        let outcome = try keystore.mirror(verified, of: owner.name)
        return (verified, owner, outcome)
    }
}
