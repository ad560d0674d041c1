public import CryptoCore

/// Divides a secret into shares of words (SLIP-0039).
///
/// Some shares give it back, fewer tell nothing.
public enum SecretShares {
    /// The largest number of shares of a secret.
    public static let largestCount = ShareParameters.largestCount
    /// The allowed iteration exponents: the number of doublings of 10,000 PBKDF2 iterations.
    public static let iterationExponents = 0...15

    /// Divides a secret into `count` shares, any `threshold` of which give it back.
    ///
    /// The secret must be random and have 16 to 32 bytes, an even number. The shares are one
    /// extendable group without a passphrase. Throws `SharesError` if the length or a number is not
    /// allowed. A threshold of one with several shares is not allowed: each share would be the
    /// secret.
    public static func split(
        _ secret: borrowing SecretBytes,
        threshold: Int,
        count: Int,
        iterationExponent: Int = 1
    ) throws -> [Share] {
        guard Share.valueByteCounts.contains(secret.count) else {
            throw SharesError.secretLength(secret.count)
        }
        guard (1...largestCount).contains(count), (1...count).contains(threshold) else {
            throw SharesError.impossibleThreshold(threshold, count: count)
        }
        guard threshold > 1 || count == 1 else { throw SharesError.oneOfSeveral(count) }
        guard iterationExponents.contains(iterationExponent) else {
            throw SharesError.impossibleExponent(iterationExponent)
        }
        let random = try SecureRandom.bytes(count: 2)
        let identifierMask = (1 << ShareParameters.identifierBitCount) - 1
        let identifier = (Int(random[0]) << 8 | Int(random[1])) & identifierMask
        func parameters(_ memberIndex: Int) -> ShareParameters {
            ShareParameters(
                identifier: identifier,
                iterationExponent: iterationExponent,
                memberIndex: memberIndex,
                memberThreshold: threshold
            )
        }
        let encrypted = try MasterSecretCipher(parameters(0)).encrypt(secret)
        let points = try SecretPolynomial.split(encrypted, threshold: threshold, count: count)
        return points.map { Share(parameters(Int($0.x)), point: $0) }
    }

    /// Returns the secret of exactly as many shares as are needed, of any number of groups
    /// (SLIP-0039 § "Combining the shares").
    ///
    /// Throws `SharesError` if the shares do not belong together, or if there are too few or too
    /// many. The error names shares by their positions, from 1.
    public static func combine(_ shares: [Share]) throws -> SecretBytes {
        guard let first = shares.first else { throw SharesError.noShares }
        try requireOneSet(shares, like: first)
        let groups = Dictionary(grouping: shares, by: \.parameters.groupIndex)
            .sorted { $0.key < $1.key }
        try requireCounts(groups.map(\.value), of: first.parameters)
        var points: [SecretPoint] = []
        for (index, members) in groups {
            let value = try SecretPolynomial.recover(members.map(\.point))
            points.append(SecretPoint(x: UInt8(index), value: value))
        }
        let encrypted = try SecretPolynomial.recover(points)
        return try MasterSecretCipher(first.parameters).decrypt(encrypted)
    }

    private static func requireOneSet(_ shares: [Share], like first: Share) throws(SharesError) {
        for (index, share) in shares.enumerated() {
            let parameters = share.parameters
            guard parameters.isOfSameSet(as: first.parameters) else {
                throw SharesError.otherSet(number: index + 1)
            }
            guard parameters.groupThreshold == first.parameters.groupThreshold,
                parameters.groupCount == first.parameters.groupCount
            else { throw SharesError.disagreement(1, index + 1, over: "the groups of their set") }
            guard share.point.value.count == first.point.value.count else {
                throw SharesError.disagreement(1, index + 1, over: "the length of the secret")
            }
            for (place, other) in shares[..<index].enumerated()
            where other.parameters.groupIndex == parameters.groupIndex {
                guard other.parameters.memberThreshold == parameters.memberThreshold else {
                    throw SharesError.disagreement(
                        place + 1,
                        index + 1,
                        over: "how many shares are needed"
                    )
                }
                guard other.parameters.memberIndex != parameters.memberIndex else {
                    throw share.point.hasSameValue(as: other.point)
                        ? SharesError.duplicate(index + 1, of: place + 1)
                        : SharesError.conflict(index + 1, with: place + 1)
                }
            }
        }
    }

    private static func requireCounts(
        _ groups: [[Share]],
        of parameters: ShareParameters
    ) throws(SharesError) {
        let needed = parameters.groupThreshold
        guard groups.count >= needed else {
            throw SharesError.tooFewGroups(groups.count, needed: needed)
        }
        guard groups.count == needed else {
            throw SharesError.tooManyGroups(groups.count, needed: needed)
        }
        for members in groups {
            let needed = members[0].parameters.memberThreshold
            let group = parameters.groupCount > 1 ? members[0].parameters.groupIndex + 1 : nil
            guard members.count >= needed else {
                throw SharesError.tooFew(members.count, needed: needed, group: group)
            }
            guard members.count == needed else {
                throw SharesError.tooMany(members.count, needed: needed, group: group)
            }
        }
    }
}
