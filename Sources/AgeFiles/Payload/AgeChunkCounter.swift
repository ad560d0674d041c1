/// The nonce of each chunk in turn: eleven bytes that count, one that marks the last.
struct AgeChunkCounter {
    private var next: UInt64 = 0

    mutating func advance() { next += 1 }

    func nonce(isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: next >> (56 - 8 * UInt64($0))) }
            + [isLast ? 1 : 0]
    }
}
