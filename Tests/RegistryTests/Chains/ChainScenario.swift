import Failures
import KeyFormats
import Registry
import Testing

/// A diagram, and what a registry makes of its statements when they come step by step.
///
/// A step is one line, `what comes => what the registry has then: why the rest is refused`:
///
///     register alice A1   the owner registers a key by hand
///     replace alice B1    the owner replaces a key by hand
///     A2 A3               statements come in one file, in this order; `nothing` is an empty file
///     log A2 A3           they come as lines of another owner's log
///
/// The registry then has, of each name, `A3#3`: the key A3 is in use, as version 3; or the name is
/// `frozen`, or its last version `revoked` or `retired`. `+2` says that 2 statements were new.
struct ChainScenario: Sendable, CustomTestStringConvertible {
    let title: String
    let diagram: String
    let steps: String

    init(_ title: String, _ diagram: String, _ steps: String) {
        self.title = title
        self.diagram = diagram
        self.steps = steps
    }

    var testDescription: String { title }

    /// Plays the steps.
    func play() throws {
        var diagram = try ChainDiagram(diagram)
        var state = RegistryState()
        for step in steps.split(separator: "\n") {
            let sides = step.split(separator: " => ")
            try #require(sides.count == 2, "a step has two sides: \(step)")
            let words = sides[0].split(separator: " ").map(String.init)
            let (count, refusal) = try take(words, &diagram, &state)
            let parts = sides[1].split(separator: ": ", maxSplits: 1)
            for expected in parts[0].split(separator: ", ").map(String.init) {
                let found =
                    expected.hasPrefix("+")
                    ? "+\(count)"
                    : try standing(of: expected.prefix { $0 != " " }, diagram, state)
                #expect(found == expected, "\(title): \(step)")
            }
            let wanted = parts.count == 2 ? String(parts[1]) : nil
            #expect((refusal == nil) == (wanted == nil), "\(title): \(step): \(refusal ?? "-")")
            if let refusal, let wanted { #expect(refusal.contains(wanted), "\(title): \(step)") }
        }
    }

    /// Returns how many statements were new, and why the rest was refused.
    private func take(
        _ words: [String],
        _ diagram: inout ChainDiagram,
        _ state: inout RegistryState
    ) throws -> (Int, String?) {
        switch words[0] {
        case "register", "replace":
            let name = try KeyName(words[1])
            let key = try diagram.spki(words[2])
            let act: Statement.Act =
                words[0] == "register"
                ? .register(name: name, key: key, expires: nil)
                : .replace(name: name, key: key, expires: nil)
            try state.apply(Statement(act, time: Timestamp(seconds: 1_750_000_000)))
            return (1, nil)
        case "log":
            for (index, word) in words.dropFirst().enumerated() {
                let line = try diagram.statement(word).line
                do { try state.applyForeign(line, at: .now) } catch {
                    return (index, error.message)
                }
            }
            return (words.count - 1, nil)
        default:
            var statements: [Statement] = []
            for word in words where word != "nothing" {
                statements.append(try diagram.statement(word))
            }
            let following = state.following(statements)
            for statement in following.statements { try state.apply(statement) }
            return (following.statements.count, following.refusal?.message)
        }
    }

    private func standing(
        of name: some StringProtocol,
        _ diagram: ChainDiagram,
        _ state: RegistryState
    ) throws -> String {
        guard let identity = state.identity(try KeyName(String(name))) else {
            return "\(name) unknown"
        }
        if identity.fork != nil { return "\(name) frozen" }
        if let active = identity.active {
            return "\(name) \(try diagram.label(of: active.keyDER))#\(active.number)"
        }
        return identity.latest.isRevoked ? "\(name) revoked" : "\(name) retired"
    }
}
