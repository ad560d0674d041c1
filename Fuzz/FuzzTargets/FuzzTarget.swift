/// A decoder of foreign bytes.
///
/// The fuzzer and the replay of its corpus run it.
public struct FuzzTarget: Sendable {
    /// The name, which is also the name of its folder in the corpus.
    public let name: String
    /// The longest input that the fuzzer tries, in bytes.
    public let largestByteCount: Int
    /// The least share of the corpus that must decode, in percent.
    ///
    /// It is not 100, because the fuzzer also keeps inputs that end in a refusal.
    public let leastDecodedPercent: Int
    private let decode: @Sendable ([UInt8]) throws -> [UInt8]?
    private let seed: @Sendable (FuzzWorld) throws -> [[UInt8]]

    /// Makes a target.
    ///
    /// `decode` returns the content of the decoded input in a canonical form. It returns `nil` or
    /// throws for a refused input, and throws `FuzzFault` if the decoder contradicts itself.
    init(
        _ name: String,
        largestByteCount: Int = 4096,
        leastDecodedPercent: Int = 10,
        seeds: @escaping @Sendable (FuzzWorld) throws -> [[UInt8]],
        decode: @escaping @Sendable ([UInt8]) throws -> [UInt8]?
    ) {
        self.name = name
        self.largestByteCount = largestByteCount
        self.leastDecodedPercent = leastDecodedPercent
        self.decode = decode
        seed = seeds
    }

    /// Runs the decoder once.
    public func run(_ bytes: [UInt8]) -> FuzzOutcome {
        do {
            guard let content = try decode(bytes) else { return .refused }
            return .decoded(content)
        } catch let fault as FuzzFault {
            return .faulty(fault.message)
        } catch {
            return .refused
        }
    }

    /// Returns inputs that decode; throws what the code throws that writes them.
    public func seeds(_ world: FuzzWorld) throws -> [[UInt8]] { try seed(world) }
}
