import FuzzTargets

/// A fault that the fuzzer has to find, so that it is known to get through a target.
///
/// It takes an input at least half as long as the shortest of the corpus, that decodes to something
/// that no input of the corpus says, and of such contents only one in `rarity`: some dozens of
/// inputs have to pass the whole decoder, each with another content.
struct PlantedFault: Sendable {
    private static let rarity: UInt64 = 32
    // FNV-1a (draft-eastlake-fnv), the same in every process.
    private static let hashBasis: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let hashPrime: UInt64 = 0x0100_0000_01b3

    private let known: Set<[UInt8]>
    private let shortestByteCount: Int

    /// Takes the corpus of a target as what is known.
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
        // The low bits of the product hang on the low bits of the bytes alone.
        return (hash >> 32) % PlantedFault.rarity == 0
    }
}
