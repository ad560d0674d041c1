internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// The option that chooses a registry: the user's own, or the mirror of another owner's registry.
struct RegistrySelection: ParsableArguments {
    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("Use the imported registry of this owner.", valueName: "name"),
        transform: KeyName.argument
    )
    var owner: KeyName?

    /// Returns the registry, and the checkpoint over it if one was signed.
    func open(_ keystore: Keystore) throws -> (registry: Registry, note: [UInt8]?) {
        guard let owner else {
            let path = keystore.home.checkpointPath
            let note =
                DurableFile.exists(path)
                ? try DurableFile.read(path, limit: Checkpoint.largestByteCount) : nil
            return (keystore.registry, note)
        }
        let id = try keystore.registry.state.known(owner).id.description
        let path = keystore.home.mirrorPath(owner: id)
        guard DurableFile.exists(path) else {
            throw CommandError.usage(
                "the registry of \"\(owner)\" was not imported yet",
                hint: "import it: keyctl registry import FILE --owner \(owner)"
            )
        }
        let mirror = try RegistryMirror(path: path)
        return (mirror.registry, mirror.note)
    }
}
