internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// A file for others that tells of a change: opened before the change is made, so that none is
/// made whose file could not be written.
struct HandedOutFile {
    /// The path as it was named.
    let path: String
    private let output: OutputFile

    /// Opens `out`, else a place in the home, where it takes the place of an earlier one.
    init(
        _ out: String?,
        inHome place: String,
        force: Bool,
        mode: UInt32 = DurableFile.publicMode
    ) throws {
        guard out != "-" else {
            throw CommandError.usage(
                "--out must name a file, because standard output is for the report"
            )
        }
        path = out ?? place
        output = try OutputFile(path, mode: mode, replacing: out == nil || force)
    }

    /// Writes the public key.
    func write(_ key: PublicKey) throws {
        try write(PEM.publicKey(key.spkiDER))
    }

    /// Writes statements.
    func write(_ statements: [Statement]) throws { try write(StatementFile.encode(statements)) }

    /// Writes what tells of a change; where that fails, says how to have them all the same.
    func write(_ statements: [Statement], of name: KeyName) throws {
        if statements.count >= RegistryState.largestChainCount * 9 / 10 {
            Report.warning(
                "the chain of \(name) has \(statements.count) statements of at most "
                    + "\(RegistryState.largestChainCount): renew and rotate less often"
            )
        }
        do {
            try write(statements)
        } catch {
            Report.warning(
                "the change is made, but its statement was not written; write it: keyctl export "
                    + "\(name) "
                    + "--statements"
            )
            throw error
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        try output.write(bytes.borrowedBytes)
        try output.commitAndWarn()
    }
}
