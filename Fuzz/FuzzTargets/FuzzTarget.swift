/// One decoder that takes bytes from elsewhere, as the fuzzer and the replay of its corpus run it.
public struct FuzzTarget: Sendable {
    /// Its name: that of its folder of the corpus.
    public let name: String
    /// The longest input that the fuzzer tries, in bytes.
    public let largestByteCount: Int
    /// The least share of its corpus, in percent, that has to decode.
    ///
    /// The fuzzer keeps what it finds on the way to a refusal, too, so this is no hundred.
    public let leastDecodedPercent: Int
    private let decode: @Sendable ([UInt8]) throws -> [UInt8]?
    private let seed: @Sendable (FuzzWorld) throws -> [[UInt8]]

    /// Describes a target.
    ///
    /// `decode` gives the content of what it decoded, in one spelling, and `nil` or an error for what
    /// it refuses. It throws `FuzzFault` where the decoder contradicts itself.
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

    /// Inputs that decode, made anew; throws what the code that writes them throws.
    public func seeds(_ world: FuzzWorld) throws -> [[UInt8]] { try seed(world) }
}
