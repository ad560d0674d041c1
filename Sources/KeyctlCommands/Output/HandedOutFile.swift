internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// A file about a change that the user gives to other people.
///
/// It is opened before the change is made, so that a path that cannot be written stops the change.
struct HandedOutFile {
    /// The path as the user or the home names it.
    let path: String
    private let output: OutputFile

    /// Opens `out`; without it, opens `place` in the home, and replaces a file that is there.
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

    /// Writes the statements about a change; if that fails, prints the command that writes them
    /// again.
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
