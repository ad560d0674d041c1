/// The fields of a share besides its value (SLIP-0039 § "Format of the share mnemonic").
public struct ShareParameters: Sendable, Hashable {
    /// The number of bits of an identifier.
    static let identifierBitCount = 15
    /// The number of bits of each number after the extendable flag.
    private static let fieldBitCount = 4
    /// The largest number of groups in a set, and of members in a group.
    static let largestCount = 1 << fieldBitCount

    /// The random number of the set.
    public let identifier: Int
    /// Whether the owner can make another set of the same secret, with another identifier.
    public let isExtendable: Bool
    /// How often 10,000 iterations are doubled.
    public let iterationExponent: Int
    /// The index of its group, from 0.
    public let groupIndex: Int
    /// The number of groups that are needed.
    public let groupThreshold: Int
    /// The number of groups in the set.
    public let groupCount: Int
    /// The index of the share in its group, from 0.
    public let memberIndex: Int
    /// The number of shares of its group that are needed.
    public let memberThreshold: Int

    /// Makes the parameters of a member of a set's only group.
    init(identifier: Int, iterationExponent: Int, memberIndex: Int, memberThreshold: Int) {
        self.identifier = identifier
        isExtendable = true
        self.iterationExponent = iterationExponent
        groupIndex = 0
        groupThreshold = 1
        groupCount = 1
        self.memberIndex = memberIndex
        self.memberThreshold = memberThreshold
    }

    /// Reads the first forty bits of a share.
    init(header: UInt64) {
        var rest = header
        func next(_ bitCount: Int) -> Int {
            defer { rest >>= UInt64(bitCount) }
            return Int(rest & ((1 << UInt64(bitCount)) - 1))
        }
        let width = ShareParameters.fieldBitCount
        // The fields are read from the last to the first.
        memberThreshold = next(width) + 1
        memberIndex = next(width)
        groupCount = next(width) + 1
        groupThreshold = next(width) + 1
        groupIndex = next(width)
        iterationExponent = next(width)
        isExtendable = next(1) == 1
        identifier = next(ShareParameters.identifierBitCount)
    }

    /// The first forty bits of a share.
    var header: UInt64 {
        let fields = [
            iterationExponent, groupIndex, groupThreshold - 1, groupCount - 1, memberIndex,
            memberThreshold - 1,
        ]
        let start = UInt64(identifier) << 1 | (isExtendable ? 1 : 0)
        return fields.reduce(start) { $0 << UInt64(ShareParameters.fieldBitCount) | UInt64($1) }
    }

    /// Returns whether two shares begin with the same two words.
    func isOfSameSet(as other: ShareParameters) -> Bool {
        identifier == other.identifier && isExtendable == other.isExtendable
            && iterationExponent == other.iterationExponent
    }
}
