internal import CryptoCore
internal import KeyFormats

/// Finds a typed word in the list.
///
/// The word is read in place and never copied.
enum WordSearch {
    /// The number of letters that identify a word.
    private static let prefixLetterCount = 4
    /// A longer word is not close to any word of the list.
    private static let largestLetterCount = 16
    private static let largestDistance = 2
    private static let largestSuggestionCount = 3

    /// Returns the index of a word that is complete, or cut after its fourth letter or later.
    static func index(of written: RawSpan) -> Int? {
        guard written.byteCount >= prefixLetterCount else { return nil }
        // This takes longer for words late in the list. An attacker who can measure that can also
        // watch the words being typed.
        return WordList.words.indices.first { isStart(written, of: WordList.words[$0].utf8) }
    }

    /// Returns the nearest words of the list to an unknown word, if they are near.
    static func suggestions(for written: RawSpan) -> [String] {
        guard written.byteCount <= largestLetterCount else { return [] }
        var nearest: [String] = []
        var smallest = largestDistance
        for word in WordList.words {
            let letters = Array(word.utf8)
            var distance = distance(written, letters[...])
            if written.byteCount <= prefixLetterCount {
                // A word of four letters may be a cut word.
                distance = min(
                    distance,
                    self.distance(written, letters.prefix(prefixLetterCount))
                )
            }
            guard distance <= smallest else { continue }
            if distance < smallest { nearest = [] }
            smallest = distance
            nearest.append(word)
        }
        return nearest.count <= largestSuggestionCount ? nearest : []
    }

    private static func isStart(_ written: RawSpan, of word: String.UTF8View) -> Bool {
        guard written.byteCount <= word.count else { return false }
        for (offset, letter) in word.prefix(written.byteCount).enumerated() {
            guard lowered(written.byte(at: offset)) == letter else { return false }
        }
        return true
    }

    /// Returns how many letters must be added, dropped, replaced or swapped (Damerau's distance).
    private static func distance(_ written: RawSpan, _ word: ArraySlice<UInt8>) -> Int {
        var rowBefore: [Int] = []
        var row = Array(0...word.count)
        for offset in 0..<written.byteCount {
            var next = [offset + 1]
            let letter = lowered(written.byte(at: offset))
            for position in 0..<word.count {
                var best = min(
                    row[position + 1] + 1,
                    next[position] + 1,
                    row[position] + (word[position] == letter ? 0 : 1)
                )
                if offset > 0, position > 0, word[position - 1] == letter,
                    word[position] == lowered(written.byte(at: offset - 1))
                {
                    best = min(best, rowBefore[position - 1] + 1)
                }
                next.append(best)
            }
            rowBefore = row
            row = next
        }
        return row[word.count]
    }

    private static func lowered(_ character: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character) ? character | 0x20 : character
    }
}
