internal import CryptoCore
internal import Failures
internal import KeyFormats

@testable import SecretShares

/// Targets for shares of words, and for combining several shares.
enum ShareTargets {
    static let all = [
        FuzzTarget("shares", largestByteCount: 2048, seeds: seeds) { bytes in
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            let shares = try lines.map(share)
            guard !shares.isEmpty else { return nil }
            for share in shares {
                let words = share.words()
                let again = try FuzzFault.need("words that were written cannot be read") {
                    try Share(words: words.bytes)
                }
                try FuzzFault.require(
                    again.parameters == share.parameters,
                    "a share reads back as another"
                )
            }
            // Each step of the exponent doubles the work.
            if shares.allSatisfy({ $0.parameters.iterationExponent == 0 }) {
                _ = try? SecretShares.combine(shares)
            }
            return shares.flatMap { $0.words().publicBytes }
        }
    ]

    private static let numbers = Dictionary(
        uniqueKeysWithValues: WordList.words.enumerated().map { ($1, UInt16($0)) }
    )

    /// Returns the share of a line.
    ///
    /// If the line is not a share, its words are repaired first.
    private static func share(_ line: ArraySlice<UInt8>) throws -> Share {
        let words = line.split { $0 == 0x20 || (0x09...0x0d).contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }
        // Each unknown word is compared with all words of the list, for the suggestions.
        let unknownCount = words.count { numbers[$0] == nil }
        do throws(SharesError) {
            if unknownCount <= 1 { return try Share(words: Array(line).borrowedBytes) }
        } catch {
            guard error.code == .wrongChecksum || error.code == .unknownWord else { throw error }
        }
        guard words.count > ShareChecksum.wordCount else { throw SharesError.noShares }
        return try Share(words: repaired(words).borrowedBytes)
    }

    /// Returns only known words, with their right checksum.
    private static func repaired(_ written: [String]) -> [UInt8] {
        let indices = written.map { word in
            let sum = word.utf8.reduce(0) { ($0 * 31 + Int($1)) % WordList.words.count }
            return numbers[word] ?? UInt16(sum)
        }
        let words = indices.map { WordList.words[Int($0)] }
        let data = WordIndices(count: indices.count - ShareChecksum.wordCount) { indices[$0] }
        // The flag is the fifth bit from the end of the first two words.
        let isExtendable = indices[1] >> 4 & 1 == 1
        let sum = ShareChecksum.checksum(of: data, isExtendable: isExtendable)
        let checksum = (0..<ShareChecksum.wordCount).map { position in
            let shift = UInt32((ShareChecksum.wordCount - 1 - position) * WordList.bitCount)
            return WordList.words[Int(sum >> shift & 0x3ff)]
        }
        let kept = words.dropLast(ShareChecksum.wordCount)
        return Array((kept + checksum).joined(separator: " ").utf8)
    }

    @Sendable private static func seeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        try [(16, 2, 3, 0), (32, 3, 5, 1), (16, 1, 1, 2)].map { size, threshold, count, exponent in
            let secret = SecretBytes(
                copying: [UInt8](repeating: 0x5a, count: size).borrowedBytes
            )
            let shares = try SecretShares.split(
                secret,
                threshold: threshold,
                count: count,
                iterationExponent: exponent
            )
            return Array(
                shares.prefix(threshold).map { $0.words().publicBytes }
                    .joined(separator: [UInt8(ascii: "\n")])
            )
        }
    }
}
