import CryptoCore
import DurableFiles

/// Keeps what is written.
final class Collected: ByteSink {
    private(set) var bytes: [UInt8] = []

    func write(_ piece: RawSpan) { bytes += SecretBytes(copying: piece).publicBytes }
}
