internal import Backups
internal import CommandSupport
internal import CryptoCore
internal import SecretShares

/// Reads the shares of a recovery key that the user types on the terminal.
enum TypedShares {
    /// Asks for the words of one share, line by line as on the sheet.
    private static func shareWords(_ title: String) throws -> SecretBytes {
        var words = SecretBytes(count: 0) { _ in }
        var prompt = "\(title), its words line by line (nothing is shown): "
        while true {
            let line = try TerminalPrompt.secretLine(prompt, keepsTyped: true)
            words = RecoverySheets.joined(words, line)
            let count = Share.wordCount(in: words.bytes)
            let isBlank = Share.wordCount(in: line.bytes) == 0
            if isBlank || count >= Share.largestWordCount { return words }
            if (try? Share(words: words.bytes)) != nil { return words }
            prompt = "\(count) words so far; type more words, or an empty line to begin again: "
        }
    }

    /// Asks for shares on the terminal until there are enough.
    static func read() throws -> [Share] {
        var shares: [Share] = []
        var wanted = 1
        while shares.count < wanted {
            let title = wanted == 1 ? "First share" : "Share \(shares.count + 1) of \(wanted)"
            let words = try shareWords(title)
            do throws(SharesError) {
                let share = try Share(words: words.bytes)
                guard !shares.contains(where: { $0.parameters == share.parameters }) else {
                    Report.note("that share was given already")
                    continue
                }
                wanted = share.parameters.memberThreshold
                shares.append(share)
            } catch { Report.error(error) }
        }
        return shares
    }
}
