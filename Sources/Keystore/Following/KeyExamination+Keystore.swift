internal import DurableFiles
public import KeyFormats
internal import Registry

extension KeyExamination {
    /// Compares with every key of the registry and with the lists of compromised keys.
    public static func standard(_ keystore: Keystore) throws -> KeyExamination {
        KeyExamination(keystore.registry.state, compromised: try .standard(keystore.home))
    }
}

extension CompromisedKeys {
    /// The published compromised keys, and the keys of the home's own list.
    ///
    /// Throws `FileError` or `KeyFormatError` if the home's list cannot be read.
    public static func standard(_ home: Home) throws -> CompromisedKeys {
        let path = home.compromisedPath
        guard DurableFile.exists(path) else { return .published }
        let bytes = try DurableFile.read(path, limit: KeyFormats.largestByteCount)
        return try CompromisedKeys.published.adding(String(decoding: bytes, as: UTF8.self))
    }
}
