public import CryptoCore

/// Messages of types that nobody knows, so that the other side learns to ignore them (C2SP
/// age-plugin § grease).
public struct PluginGrease: Sendable {
    private static let largestBodyByteCount = 100
    private let bytes: [UInt8]

    /// Random messages; throws `CryptoError` where there are no random numbers.
    public init() throws(CryptoError) {
        bytes = try SecureRandom.bytes(count: 16 + PluginGrease.largestBodyByteCount)
    }

    /// The random bytes that all else follows from: at least 16.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Writes nothing in one case of three, else one message.
    func add(to writer: inout PluginFrameWriter) {
        guard bytes[0] % 3 != 0 else { return }
        let arguments = (0..<Int(bytes[1] % 3)).map { "\(bytes[2 + $0])" }
        let bodyCount = bytes[4] % 2 == 0 ? 0 : Int(bytes[5]) % (bytes.count - 15)
        writer.add(
            PluginFrame(
                "grease-" + Hexadecimal.encode(bytes[6..<14]),
                arguments,
                body: SecretBytes(copying: Array(bytes[16...].prefix(bodyCount)).borrowedBytes)
            )
        )
    }
}
