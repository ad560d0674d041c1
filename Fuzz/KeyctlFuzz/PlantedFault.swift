import FuzzTargets

/// A fault that the fuzzer must find.
///
/// It proves that the fuzzer gets through a target.
///
/// It needs an input that is at least half as long as the shortest of the corpus and decodes to a
/// content that no input of the corpus has. Of these contents, only one in `rarity` counts. So some
/// dozens of inputs, each with another content, must pass the whole decoder.
struct PlantedFault: Sendable {
    private static let rarity: UInt64 = 32
    // FNV-1a (draft-eastlake-fnv), the same in every process.
    private static let hashBasis: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let hashPrime: UInt64 = 0x0100_0000_01b3

    private let known: Set<[UInt8]>
    private let shortestByteCount: Int

    /// Makes a fault for a target.
    ///
    /// The contents in its corpus are known and do not hit the fault.
    init(_ target: FuzzTarget, folder: String) {
        let inputs = Corpus.inputs(in: folder)
        shortestByteCount = (inputs.map(\.count).min() ?? 0) / 2
        known = Set(
            inputs.compactMap {
                if case .decoded(let content) = target.run($0) { content } else { nil }
            }
        )
    }

    func isHit(by bytes: [UInt8], _ content: [UInt8]) -> Bool {
        guard bytes.count >= shortestByteCount, !known.contains(content) else { return false }
        let hash = content.reduce(PlantedFault.hashBasis) {
            ($0 ^ UInt64($1)) &* PlantedFault.hashPrime
        }
        // The low bits of the product depend only on the low bits of the bytes.
        return (hash >> 32) % PlantedFault.rarity == 0
    }
}
