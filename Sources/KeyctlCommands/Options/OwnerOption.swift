internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// The option that names the owner who signed a checkpoint: a name of the registry, or a public key
/// file.
struct OwnerOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The registry's owner: a name, or a public key file (default: the owner that the file "
                + "names).",
            valueName: "owner"
        )
    )
    var owner: String?

    func find(_ note: [UInt8], _ global: GlobalOptions) throws -> RegistryOwner {
        if let owner,
            owner.contains("/") || (try? KeyName(owner)) == nil
                || DurableFile.exists(owner) && isUnknown(owner, global)
        {
            let content = try KeyFileReader.read(owner)
            return try RegistryOwner(KeyFormats.decode(content.bytes).onlyPublicKey())
        }
        return try RegistryOwner(identity(note, global), withRetired: true)
    }

    private func isUnknown(_ name: String, _ global: GlobalOptions) -> Bool {
        guard let name = try? KeyName(name), let keystore = try? global.keystore() else {
            return true
        }
        return keystore.registry.state.identity(name) == nil
    }

    /// Returns the owner as an identity of the user's own registry.
    func identity(_ note: [UInt8], _ global: GlobalOptions) throws -> RegisteredIdentity {
        let state = try global.keystore().registry.state
        if let owner { return try state.known(KeyName(owner)) }
        let id = try Checkpoint.owner(in: note)
        guard let identity = state.identity(id: id), !identity.isRemoved else {
            throw CommandError.failed(
                "the owner of the registry is not known here: \(id)",
                hint: "import the key of the owner first: keyctl import OWNER.pub"
            )
        }
        return identity
    }
}
