/// What a share says beside its value (SLIP-0039 § "Format of the share mnemonic").
public struct ShareParameters: Sendable, Hashable {
    /// The bits of an identifier.
    static let identifierBitCount = 15
    /// The bits of every number that follows the extendable flag.
    private static let fieldBitCount = 4
    /// Most groups of a set, and most members of a group.
    static let largestCount = 1 << fieldBitCount

    /// The random number of the set.
    public let identifier: Int
    /// Whether another set of the same secret can be made with another identifier.
    public let isExtendable: Bool
    /// How often 10,000 iterations are doubled.
    public let iterationExponent: Int
    /// Which group it belongs to, from 0.
    public let groupIndex: Int
    /// How many groups are needed.
    public let groupThreshold: Int
    /// How many groups there are.
    public let groupCount: Int
    /// Which member of its group it is, from 0.
    public let memberIndex: Int
    /// How many members of its group are needed.
    public let memberThreshold: Int

    /// The parameters of a member of a set's only group.
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
        // From the last to the first.
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

    /// Whether two shares begin with the same two words.
    func isOfSameSet(as other: ShareParameters) -> Bool {
        identifier == other.identifier && isExtendable == other.isExtendable
            && iterationExponent == other.iterationExponent
    }
}
