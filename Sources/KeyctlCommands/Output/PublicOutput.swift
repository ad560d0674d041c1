internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles

/// Writes public content to a file or to standard output.
enum PublicOutput {
    static func write(_ bytes: [UInt8], to options: OutputOptions) throws {
        let output = try FileOutput(
            options,
            from: nil,
            isText: true,
            mode: DurableFile.publicMode
        )
        try output.sink.write(bytes.borrowedBytes)
        try output.commit()
        if !output.isStandard, let out = options.out { Report.note("wrote \(out)") }
    }
}
