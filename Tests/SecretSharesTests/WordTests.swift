import CryptoCore
internal import Failures
import KeyFormats
import SecretShares
import Testing

struct WordTests {
    private let words: [String]

    init() throws {
        let share = try split(Array(0..<16), 2, of: 2)[0]
        words = share.text.split(separator: " ").map(String.init)
    }

    private func error(_ words: [String]) -> SharesError? {
        do {
            _ = try Share(text: words.joined(separator: " "))
            return nil
        } catch {
            return error
        }
    }

    @Test func `case, white space and all letters after the fourth do not matter`() throws {
        let text = words.joined(separator: " ")
        for variant in [
            text.uppercased(), words.map { String($0.prefix(4)) }.joined(separator: " "),
            words.map { $0.prefix(1).uppercased() + $0.prefix(5).dropFirst() }.joined(
                separator: "\r\n"
            ),
            " \t\n" + words.joined(separator: "  \t ") + "\n\n",
        ] {
            #expect(try Share(text: variant).text == text)
        }
    }

    @Test func `no word can take the place of another`() {
        // Each position with every thirteenth word of the list.
        for (position, word) in words.enumerated() {
            let start = position % 13
            for other in stride(from: start, to: WordList.words.count, by: 13)
            where WordList.words[other] != word {
                var changed = words
                changed[position] = WordList.words[other]
                #expect(error(changed)?.code == .wrongChecksum, "\(position), \(other)")
            }
        }
    }

    @Test func `no two words can change places`() {
        for first in words.indices {
            for second in words.indices[(first + 1)...] where words[first] != words[second] {
                var changed = words
                changed.swapAt(first, second)
                #expect(error(changed)?.code == .wrongChecksum, "\(first), \(second)")
            }
        }
    }

    @Test func `no word can be left out or written twice`() {
        for position in words.indices {
            var shorter = words
            shorter.remove(at: position)
            #expect(error(shorter)?.code == .wrongLength)
            var longer = words
            longer.insert(words[position], at: position)
            #expect(error(longer)?.code == .wrongLength)
        }
        #expect(error([])?.code == .wrongLength)
        #expect(error(words + words)?.code == .wrongLength)
    }

    @Test(arguments: [
        ("academix", ["academic"]), ("acadmic", ["academic"]), ("accademic", ["academic"]),
        ("Acaedmic", ["academic"]), ("academics", ["academic"]), ("yild", ["yield"]),
        ("yiled", ["yield"]), ("wriz", ["wrist", "writing"]), ("zzzzzz", []), ("zer", ["zero"]),
        ("1.", []), ("grüße", []),
        ("averyverylongwordthatisinnolist", []),
    ])
    func `a misspelt word is named by its number, not quoted, and the nearest is suggested`(
        _ written: String,
        _ meant: [String]
    ) {
        var changed = words
        changed[6] = written
        let error = error(changed)
        #expect(error?.code == .unknownWord)
        #expect(error?.message == "word 7 of the share is not in the list of words")
        for word in meant { #expect(error?.hint?.contains("\"\(word)\"") == true, "\(written)") }
        #expect(error?.hint?.contains("\"\(written)\"") == false)
        #expect(!meant.isEmpty || error?.hint?.contains("was it") == false, "\(written)")
    }

    @Test func `every first four letters are those of one word`() {
        #expect(Set(WordList.words.map { $0.prefix(4) }).count == WordList.words.count)
    }
}
