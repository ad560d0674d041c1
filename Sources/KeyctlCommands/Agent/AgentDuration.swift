internal import AgentProtocol
internal import ArgumentParser

/// A duration in the agent's options, as `ssh-add -t` takes it: `90s`, `30m`, `8h`, `2d`, `1w`.
enum AgentDuration {
    private static let units: [(letter: Character, seconds: Int)] = [
        ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    static func read(_ text: String) throws -> Int {
        guard let letter = text.last, let unit = units.first(where: { $0.letter == letter }),
            let count = Int(text.dropLast()), count > 0,
            count <= AgentLimits.longestPolicySeconds / unit.seconds
        else {
            throw ValidationError("\"\(text)\" is not a duration: write 90s, 30m, 8h, 2d or 1w")
        }
        return count * unit.seconds
    }

    /// The largest unit of which there is at least one.
    static func text(_ seconds: Int) -> String {
        let unit = units.first { $0.seconds <= seconds } ?? ("s", 1)
        return "\(seconds / unit.seconds)\(unit.letter)"
    }
}
