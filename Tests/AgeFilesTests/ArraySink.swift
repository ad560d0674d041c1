import CryptoCore
import DurableFiles

/// Keeps what is written.
final class ArraySink: ByteSink {
    private(set) var bytes: [UInt8] = []

    func write(_ piece: RawSpan) throws { bytes += SecretBytes(copying: piece).publicBytes }
}
