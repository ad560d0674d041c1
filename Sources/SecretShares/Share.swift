public import CryptoCore
internal import KeyFormats

/// A share of a secret.
///
/// Together with enough others of its set, it gives the secret back.
///
/// It is shared by reference, so that memory holds one copy of its value, which is cleansed with
/// it.
public final class Share: Sendable {
    /// The number of words before the value.
    private static let headerWordCount = 4
    private static let smallestValueByteCount = 16
    private static let largestValueByteCount = 32
    /// The lengths that a value, and so a secret, may have, in bytes.
    static let valueByteCounts = stride(
        from: smallestValueByteCount,
        through: largestValueByteCount,
        by: 2
    )

    /// The parameters of the share.
    public let parameters: ShareParameters
    /// The point of its group's polynomials.
    let point: SecretPoint

    init(_ parameters: ShareParameters, point: SecretPoint) {
        self.parameters = parameters
        self.point = point
    }

    /// The largest number of words in a share.
    public static var largestWordCount: Int { valueByteCounts.map { wordCount($0) }.max() ?? 0 }

    /// Returns the number of words in a text.
    public static func wordCount(in text: RawSpan) -> Int { wordRanges(in: text) { _ in } }

    /// Reads words with white space between them, in upper or lower case.
    ///
    /// A word may be cut after its fourth letter or later. Throws `SharesError` if a word is not in
    /// the list, if the checksum is wrong, or if the words cannot be a share.
    public init(words text: RawSpan) throws(SharesError) {
        let count = Share.wordCount(in: text)
        guard let byteCount = Share.valueByteCounts.first(where: { Share.wordCount($0) == count })
        else { throw SharesError.wrongLength(wordCount: count) }
        let indices = try Share.indices(in: text, count: count)
        var header: UInt64 = 0
        for position in 0..<Share.headerWordCount {
            header = header << UInt64(WordList.bitCount) | UInt64(indices[position])
        }
        let parameters = ShareParameters(header: header)
        guard ShareChecksum.isValid(indices, isExtendable: parameters.isExtendable) else {
            throw SharesError.wrongChecksum
        }
        guard parameters.groupThreshold <= parameters.groupCount else {
            throw SharesError.impossibleGroups(parameters)
        }
        let start = Share.headerWordCount * WordList.bitCount
        let padding = Share.paddingBitCount(byteCount)
        for position in start..<(start + padding) where indices.bit(position) != 0 {
            throw SharesError.wrongPadding
        }
        let value = SecretBytes(count: byteCount) { view in
            for offset in 0..<byteCount {
                var byte: UInt8 = 0
                for bit in 0..<8 {
                    byte = byte << 1 | indices.bit(start + padding + offset * 8 + bit)
                }
                view.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
        }
        self.parameters = parameters
        point = SecretPoint(x: UInt8(parameters.memberIndex), value: value)
    }

    /// Returns the words in lower case, with one space between them.
    ///
    /// The bytes are in cleansed memory. Write them to paper, a screen or a file, and make no
    /// `String` of them. In this target, only single words of the list are ever a `String`.
    public func words() -> SecretBytes {
        let indices = indices()
        var byteCount = indices.count - 1
        for position in 0..<indices.count {
            byteCount += WordList.words[Int(indices[position])].utf8.count
        }
        return SecretBytes(count: byteCount) { view in
            var offset = 0
            for position in 0..<indices.count {
                for letter in WordList.words[Int(indices[position])].utf8 {
                    view.storeBytes(of: letter, toByteOffset: offset, as: UInt8.self)
                    offset += 1
                }
                guard position + 1 < indices.count else { break }
                view.storeBytes(of: UInt8(ascii: " "), toByteOffset: offset, as: UInt8.self)
                offset += 1
            }
        }
    }
}

// MARK: Words as numbers

extension Share {
    /// Returns the number of words of a share whose value has `byteCount` bytes.
    private static func wordCount(_ byteCount: Int) -> Int {
        headerWordCount + valueWordCount(byteCount) + ShareChecksum.wordCount
    }

    private static func valueWordCount(_ byteCount: Int) -> Int {
        (byteCount * 8 + WordList.bitCount - 1) / WordList.bitCount
    }

    /// Returns the number of zero bits before a value.
    private static func paddingBitCount(_ byteCount: Int) -> Int {
        valueWordCount(byteCount) * WordList.bitCount - byteCount * 8
    }

    private func indices() -> WordIndices {
        let header = parameters.header
        let padding = Share.paddingBitCount(point.value.count)
        let data = WordIndices(
            count: Share.headerWordCount + Share.valueWordCount(point.value.count)
        ) { position in
            guard position >= Share.headerWordCount else {
                let shift = (Share.headerWordCount - 1 - position) * WordList.bitCount
                return UInt16(header >> UInt64(shift) & 0x3ff)
            }
            let start = (position - Share.headerWordCount) * WordList.bitCount - padding
            var index: UInt16 = 0
            for bit in start..<(start + WordList.bitCount) {
                let byte = bit < 0 ? 0 : point.byte(at: bit / 8)
                index = index << 1 | UInt16(byte >> UInt8(7 - (bit + 8) % 8) & 1)
            }
            return index
        }
        let checksum = ShareChecksum.checksum(of: data, isExtendable: parameters.isExtendable)
        let dataCount = data.count
        return WordIndices(count: dataCount + ShareChecksum.wordCount) { position in
            guard position >= dataCount else { return data[position] }
            let shift = (dataCount + ShareChecksum.wordCount - 1 - position) * WordList.bitCount
            return UInt16(checksum >> UInt32(shift) & 0x3ff)
        }
    }

    private static func indices(
        in text: RawSpan,
        count: Int
    ) throws(SharesError) -> WordIndices {
        var ranges: [Range<Int>] = []
        _ = wordRanges(in: text) { ranges.append($0) }
        return try WordIndices(count: count) { position throws(SharesError) in
            let written = text.extracting(ranges[position])
            guard let index = WordSearch.index(of: written) else {
                throw SharesError.unknownWord(
                    number: position + 1,
                    suggestions: WordSearch.suggestions(for: written)
                )
            }
            return UInt16(index)
        }
    }

    /// Calls `body` with the range of each word, and returns the number of words.
    private static func wordRanges(in text: RawSpan, _ body: (Range<Int>) -> Void) -> Int {
        var count = 0
        var start: Int?
        for offset in 0...text.byteCount {
            let isLetter = offset < text.byteCount && !isWhiteSpace(text.byte(at: offset))
            if isLetter {
                start = start ?? offset
            } else if let first = start {
                body(first..<offset)
                count += 1
                start = nil
            }
        }
        return count
    }

    private static func isWhiteSpace(_ character: UInt8) -> Bool {
        character == 0x20 || (0x09...0x0d).contains(character)
    }
}
