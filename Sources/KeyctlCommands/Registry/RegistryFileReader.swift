internal import ArgumentParser
internal import CommandSupport
internal import Registry

/// Reads exported registries.
enum RegistryFileReader {
    static func read(_ path: String) throws -> RegistryFile {
        try RegistryFile(CommandInput.bytes(path, limit: RegistryFile.largestByteCount))
    }
}
