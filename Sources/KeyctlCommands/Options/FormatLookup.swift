internal import CommandSupport
internal import CryptoCore
internal import Failures
internal import KeyFormats
internal import KeySync
internal import PluginHost
internal import Signatures

/// Formats and exporters by their ids: what is built in first, and then trusted plugins.
extension GlobalOptions {
    /// Throws `PluginHostError` if neither has it.
    func keyFormat(_ id: String) throws -> any KeyFormat {
        if let format = KeyFormats.named(id) { return format }
        return try found(KeyFileOptions.formatIDs, "the format") { try plugins.keyFormat(id) }
    }

    /// Throws `PluginHostError` if neither has it.
    func signatureFormat(_ id: String) throws -> any SignatureFormat {
        if let format = SignatureFormats.all.first(where: { $0.id == id }) { return format }
        let ids = SignatureFormats.all.map(\.id)
        return try found(ids, "the signature format") { try plugins.signatureFormat(id) }
    }

    /// Throws `PluginHostError` if neither has it.
    func exporter(_ id: String) throws -> any RegistryExporter {
        if let exporter = RegistryExporters.all.first(where: { $0.id == id }) { return exporter }
        return try found(RegistryExporters.ids, "--only") { try plugins.exporter(id) }
    }

    /// Reads a key file: of the format that the user named, else of the one that its content shows.
    func keyFile(_ bytes: RawSpan, from path: String, as id: String?) throws -> KeyFile {
        guard let id else { return try KeyFormats.decode(bytes, from: path) }
        let format = try keyFormat(id)
        do { return try KeyFile(reading: bytes, as: format) } catch let error
            as any ReportableError
        { throw LocatedFailure(keyFile: path, error) }
    }

    /// An unknown id is told with the built-in ones.
    private func found<Found>(
        _ ids: [String],
        _ what: String,
        _ find: () throws -> Found
    ) throws -> Found {
        do { return try find() } catch let error as PluginHostError where error.code == .unknown {
            throw CommandError.usage(
                "\(what) must be one of \(ids.joined(separator: ", ")), or the id of a trusted plugin",
                hint: error.hint
            )
        }
    }
}
