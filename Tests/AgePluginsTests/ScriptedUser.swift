import AgePlugins
import CryptoCore

/// A user who has a list of answers, and remembers what was shown.
final class ScriptedUser: AgePluginDialogue {
    struct BrokenOff: Error {}

    let isThere: Bool
    var answers: [String] = []
    var breaksOff = false
    private(set) var seen: [String] = []

    init(isThere: Bool = true) { self.isThere = isThere }

    func show(_ line: String) -> Bool {
        guard isThere else { return false }
        seen.append(line)
        return true
    }

    func line(_ prompt: String) -> String? {
        guard show(prompt), !answers.isEmpty else { return nil }
        return answers.removeFirst()
    }

    func secret(_ prompt: String) throws -> SecretBytes? {
        if breaksOff { throw BrokenOff() }
        return line(prompt).map { SecretBytes(copying: Array($0.utf8).borrowedBytes) }
    }
}
