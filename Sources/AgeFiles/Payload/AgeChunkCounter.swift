/// The nonces of a payload's chunks: a counter of eleven bytes, then a byte that is 1 for the last
/// chunk.
struct AgeChunkCounter {
    private var next: UInt64 = 0

    mutating func advance() { next += 1 }

    func nonce(isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: next >> (56 - 8 * UInt64($0))) }
            + [isLast ? 1 : 0]
    }
}
