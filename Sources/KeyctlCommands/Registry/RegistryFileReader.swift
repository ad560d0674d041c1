internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import Registry

/// Reads exported registries.
enum RegistryFileReader {
    static func read(_ path: String) throws -> RegistryFile {
        try RegistryFile(CommandInput.bytes(path, limit: RegistryFile.largestByteCount))
    }
}
